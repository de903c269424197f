/**
 * Certification authorities made by the `openssl` command, as strangers make them: certificates and revocation lists with
 * times, extensions and digests at will. Keys are made once a name and kept.
 */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readChainCertificate, type ChainCertificate } from '../../src/crypto/chain-certificate.ts'
import { readCrl, type Crl } from '../../src/crypto/crl.ts'
import { fromPem } from '../../src/crypto/certificate.ts'
import { openssl } from './openssl.ts'

export interface Issue {
  /** Name of the subject's key. */
  key: string
  subject: string
  /** Lines of an OpenSSL extension section. */
  extensions?: string
  /** `YYYYMMDDHHMMSSZ`. */
  from?: string
  until?: string
  digest?: string
}

export interface CrlOptions { from?: string, until?: string, revoked?: Array<{ serialHex: string, at?: string, reason?: string }>, digest?: string }

export const AUTHORITY = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid'
export const LEAF = 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid'

const CONFIG = `
[ca]
default_ca = this
[this]
database = $ENV::DIR/index.txt
rand_serial = yes
new_certs_dir = $ENV::DIR
unique_subject = no
policy = any
default_md = sha256
crl_extensions = crl
[any]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
serialNumber = optional
[crl]
authorityKeyIdentifier = keyid
[req]
distinguished_name = name
utf8 = yes
string_mask = utf8only
[name]
`

/** A folder of keys and of what they signed. */
export class OpensslAuthorities {
  readonly #dir: string
  #count = 0

  constructor (dir: string) {
    this.#dir = dir
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'config'), CONFIG.replaceAll('$ENV::DIR', dir))
  }

  /** Path of the PEM of a private key. */
  key (name: string, bits = 2048, publicExponent = 65_537): string {
    const path = join(this.#dir, `${name}.key`)
    if (!existsSync(path)) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent })
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    }
    return path
  }

  /** `by` null: signed by its own key. */
  issue (by: { key: string, certificate: ChainCertificate } | null, { key, subject, extensions = LEAF, from = '20260101000000Z', until = '20300101000000Z', digest = 'sha256' }: Issue): ChainCertificate {
    const path = (name: string): string => join(this.#dir, `${++this.#count}.${name}`)
    const [request, extfile, out] = [path('csr'), path('ext'), path('pem')]
    writeFileSync(extfile, extensions)
    writeFileSync(join(this.#dir, 'index.txt'), '')
    openssl(['req', '-new', '-utf8', '-config', join(this.#dir, 'config'), '-key', this.key(key), '-subj', subject, '-out', request])
    const signer = by === null ? ['-selfsign', '-keyfile', this.key(key)] : ['-keyfile', this.key(by.key), '-cert', this.#pem(by.certificate)]
    openssl(['ca', '-batch', '-utf8', '-notext', '-preserveDN', '-config', join(this.#dir, 'config'), '-in', request, '-out', out, '-extfile', extfile,
      '-startdate', from, '-enddate', until, '-md', digest, ...signer])
    return readChainCertificate(fromPem(readFileSync(out, 'latin1').replace(/^[^-]*/, '')))
  }

  crlDer (by: { key: string, certificate: ChainCertificate }, { from = '20261101000000Z', until = '20261201000000Z', revoked = [], digest = 'sha256' }: CrlOptions = {}): Buffer {
    const lines = revoked.map(({ serialHex, at = '261102000000Z', reason }) =>
      `R\t300101000000Z\t${at}${reason === undefined ? '' : `,${reason}`}\t${serialHex.toUpperCase().padStart(serialHex.length + serialHex.length % 2, '0')}\tunknown\t/CN=x\n`)
    writeFileSync(join(this.#dir, 'index.txt'), lines.join(''))
    const pem = openssl(['ca', '-gencrl', '-config', join(this.#dir, 'config'), '-keyfile', this.key(by.key), '-cert', this.#pem(by.certificate),
      '-crl_lastupdate', from, '-crl_nextupdate', until, '-md', digest])
    return openssl(['crl', '-outform', 'DER'], pem)
  }

  crl (by: { key: string, certificate: ChainCertificate }, options: CrlOptions = {}): Crl {
    return readCrl(this.crlDer(by, options))
  }

  #pem ({ x509 }: ChainCertificate): string {
    const path = join(this.#dir, `${++this.#count}.issuer.pem`)
    writeFileSync(path, x509.toString())
    return path
  }
}
