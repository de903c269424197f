/** Trees of closing records: read in turns, completed with what came meanwhile, kept within bounds and built once for all who wait. */
import t from 'tap'
import { toHex } from '../../src/crypto/bytes.ts'
import { HASH_BYTES } from '../../src/crypto/merkle.ts'
import { buildPackedTree } from '../../src/crypto/merkle-packed.ts'
import { ClosingTrees, completeTree, gatherTree, leafIndexOf } from '../../src/services/closing-trees.ts'
import { ByteLru } from '../../src/storage/byte-lru.ts'
import { openReadOnly } from '../../src/storage/database.ts'
import { TENDER_ID } from '../support/opening-bids.ts'
import { buildOpeningTown } from '../support/opening-town.ts'

const BIDS = 1_300
const town = await buildOpeningTown(t.testdir(), BIDS)
const { read, close } = openReadOnly(town.path)
t.teardown(close)
const { rootSha256 } = town.input.closing

t.test('the tree is that of the closing record, whenever its last bids came', async (t) => {
  const whole = await gatherTree(read, TENDER_ID)
  for (const early of [0, 1, 512, 1_000, BIDS - 1, BIDS]) {
    const bidNumbers = whole.bidNumbers.slice(0, early)
    const tree = buildPackedTree((whole.tree[0] ?? new Uint8Array(0)).slice(0, HASH_BYTES * early))
    const completed = await completeTree(read, TENDER_ID, { upTo: bidNumbers.at(-1) ?? 0, bidNumbers, tree })
    t.equal(completed.rootSha256, rootSha256, `${early} before`)
    t.same(completed.bidNumbers, whole.bidNumbers)
  }
})

t.test('every bid has its place, and others have none', async (t) => {
  const closing = await new ClosingTrees().of(read, { tenderId: TENDER_ID, rootSha256 })
  t.equal(closing.bidNumbers.every((bidNo, index) => leafIndexOf(closing, bidNo) === index), true)
  for (const other of [0, 0.5, BIDS + 1]) t.equal(leafIndexOf(closing, other), -1)
})

t.test('those who ask at once get one tree', async (t) => {
  const trees = new ClosingTrees()
  const [first, ...others] = await Promise.all([1, 2, 3].map(async () => await trees.of(read, { tenderId: TENDER_ID, rootSha256 })))
  t.ok(first !== undefined && others.every((one) => one === first))
  t.equal(await trees.of(read, { tenderId: TENDER_ID, rootSha256 }), first)
  await t.rejects(trees.of(read, { tenderId: TENDER_ID, rootSha256: toHex(new Uint8Array(32)) as typeof rootSha256 }), { message: /closing record/ })
})

t.test('what is kept stays within its bytes, and what was asked for last stays longest', async (t) => {
  const kept = new ByteLru<string, number>(10, (bytes) => bytes)
  for (const [key, bytes] of [['a', 4], ['b', 4]] as const) kept.set(key, bytes)
  t.equal(kept.get('a'), 4)
  kept.set('c', 4)
  t.same([kept.get('a'), kept.get('b'), kept.get('c'), kept.bytes], [4, undefined, 4, 8])
  kept.set('d', 11)
  t.same([kept.get('d'), kept.bytes], [undefined, 8], 'too large to be kept')
  kept.set('a', 1)
  t.equal(kept.bytes, 5)
  kept.delete('a')
  kept.delete('a')
  t.equal(kept.bytes, 4)
})
