/** X-Wing (0x647a) for panva's `hpke`, in a file of its own so that a browser loads it only where a notice asks for it. Runs in a browser. */
export { KEM_MLKEM768_X25519 as xWing } from '@panva/hpke-noble'
