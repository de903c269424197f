/**
 * Bytes under a passphrase in a file of their own: compact JWE (RFC 7516) by PBES2-HS256+A128KW and A256GCM (RFC 7518),
 * for secrets that have no PKCS#12 form (holder seeds, encryption keys). Runs in a browser. Passphrases are brought
 * to NFC first: macOS types Korean in another form.
 */
import { compactDecrypt, CompactEncrypt } from 'jose'
import { cannotBeOpened, normalPassphrase } from './passphrase.ts'

const ALGORITHM = 'PBES2-HS256+A128KW'
const ENCRYPTION = 'A256GCM'
/** PBKDF2 iterations (`p2c`): what OWASP's password storage guide asks of PBKDF2-HMAC-SHA256; about 100 ms. */
const ITERATIONS = 600_000
/** A file with more would only hold the reader up. */
const MAX_ITERATIONS = 2_000_000
export const MAX_ENCRYPTED_FILE_CHARS = 1_048_576

/** @throws BonginError `invalid-request` for an empty passphrase. */
export async function encryptBytes (bytes: Uint8Array, passphrase: string): Promise<string> {
  return await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION })
    .setKeyManagementParameters({ p2c: ITERATIONS })
    .encrypt(secretOf(passphrase))
}

/** @throws BonginError `certificate-malformed`, one detail for all: a wrong passphrase can't be told from damage. */
export async function decryptBytes (text: string, passphrase: string): Promise<Uint8Array> {
  const secret = secretOf(passphrase)
  if (text.length > MAX_ENCRYPTED_FILE_CHARS) throw cannotBeOpened()
  try {
    const { plaintext } = await compactDecrypt(text.trim(), secret, {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
      maxPBES2Count: MAX_ITERATIONS,
      maxDecompressedLength: 0
    })
    return plaintext
  } catch {
    throw cannotBeOpened()
  }
}

function secretOf (passphrase: string): Uint8Array {
  return new TextEncoder().encode(normalPassphrase(passphrase))
}
