/**
 * What every command starts from: the global options, the key folder, the server, and the passphrase, each looked up only
 * when a command needs it. Secrets come from the environment, a file or a hidden prompt; never from the command line,
 * where every process on the machine could read them.
 */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Api } from '../client/api.ts'
import { ClientError, type Identity } from '../client/identity.ts'
import { openKeyFolder, readKeyFolder } from '../client/key-folder.ts'
import { fetchPlatform, type Platform } from '../client/platform.ts'
import { me } from '../client/registration.ts'
import { closeSession, openSession } from '../client/sessions.ts'
import { fromPem } from '../crypto/certificate.ts'
import type { TrustedRoot } from '../crypto/verify-platform.ts'
import { SHA256_HEX_PATTERN, type Sha256Hex } from '../domain/ids.ts'
import { EXIT, exitCodeOf, UsageError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { Output } from './output.ts'
import { progressBar, type Progress } from './progress.ts'

export const DEFAULT_SERVER = 'http://127.0.0.1:3000'
export const DEFAULT_KEYS = 'bongin-keys'
const MIN_PASSPHRASE_LENGTH = 8

export interface GlobalOptions { json?: boolean, server?: string, keys?: string, passphraseFile?: string, root?: string }

export class Context {
  readonly io: Io
  readonly out: Output
  /** How the command ends when it throws nothing: a report may be the answer and yet tell of a failure. */
  exitCode: number = EXIT.ok
  readonly #options: GlobalOptions
  #passphrase: string | null = null

  constructor (io: Io, options: GlobalOptions) {
    this.io = io
    this.out = new Output(io, options.json === true)
    this.#options = options
  }

  get keys (): string {
    return this.#options.keys ?? this.io.env['BONGIN_KEYS'] ?? DEFAULT_KEYS
  }

  /** How the key folder is named in advice to the user. */
  get keysOption (): string {
    return this.keys === DEFAULT_KEYS ? '' : ` --keys ${this.keys}`
  }

  /** --server, BONGIN_SERVER, the key folder's, or the local one. */
  async server (): Promise<string> {
    const named = this.#options.server ?? this.io.env['BONGIN_SERVER']
    if (named !== undefined) {
      if (!/^https?:\/\//.test(named) || !URL.canParse(named)) throw new UsageError(`--server must be an http(s) address, not "${named}".`)
      return named
    }
    return await readKeyFolder(this.keys).then(({ server }) => server, () => DEFAULT_SERVER)
  }

  async api (baseUrl?: string): Promise<Api> {
    const { fetch } = this.io
    return new Api({ baseUrl: baseUrl ?? await this.server(), ...(fetch === undefined ? {} : { fetch }) })
  }

  /** What root is trusted: --root, else the one pinned in the key folder, else none yet. */
  async trustedRoot (): Promise<TrustedRoot> {
    const { root } = this.#options
    if (root !== undefined && new RegExp(SHA256_HEX_PATTERN).test(root)) return { trustedRootSha256: root as Sha256Hex }
    if (root !== undefined) return { trustedRootDer: fromPem(await this.readText(root)) }
    const pinned = await readKeyFolder(this.keys).then(({ rootFingerprint }) => rootFingerprint, () => undefined)
    return pinned === undefined ? {} : { trustedRootSha256: pinned as Sha256Hex }
  }

  async platform (api: Api): Promise<Platform> {
    return await fetchPlatform(api, await this.trustedRoot())
  }

  /** BONGIN_PASSPHRASE, --passphrase-file, or asked for; asked twice where a new key is encrypted. */
  async passphrase ({ isNew = false } = {}): Promise<string> {
    if (this.#passphrase !== null) return this.#passphrase
    const file = this.#options.passphraseFile
    const given = file !== undefined ? (await this.readText(file)).replace(/\r?\n$/, '') : this.io.env['BONGIN_PASSPHRASE']
    const passphrase = given ?? await this.#askPassphrase(isNew)
    if (isNew && passphrase.length < MIN_PASSPHRASE_LENGTH) throw new UsageError(`A new passphrase needs at least ${MIN_PASSPHRASE_LENGTH} characters.`)
    this.#passphrase = passphrase
    return passphrase
  }

  async #askPassphrase (isNew: boolean): Promise<string> {
    const { askHidden } = this.io
    if (askHidden === null) throw new ClientError('key-missing', 'There is no terminal to ask for the passphrase: set BONGIN_PASSPHRASE or --passphrase-file.')
    const first = await askHidden(isNew ? 'New passphrase: ' : 'Passphrase: ')
    if (isNew && await askHidden('The same again: ') !== first) throw new UsageError('The two passphrases differ.')
    return first
  }

  /** Of another authority's key file: the file named, BONGIN_EXTERNAL_PASSPHRASE, or asked for. */
  async externalPassphrase (file: string | undefined): Promise<string> {
    if (file !== undefined) return (await this.readText(file)).replace(/\r?\n$/, '')
    const { env, askHidden } = this.io
    const given = env['BONGIN_EXTERNAL_PASSPHRASE'] ?? await askHidden?.('Passphrase of the external certificate: ')
    if (given !== undefined) return given
    throw new ClientError('key-missing', 'There is no terminal to ask on: set BONGIN_EXTERNAL_PASSPHRASE or --external-passphrase-file.')
  }

  async identity (): Promise<Identity> {
    await readKeyFolder(this.keys)
    return await openKeyFolder(this.keys, await this.passphrase())
  }

  /** Logs in, works, logs out. */
  async withSession<T> (work: (session: { api: Api, identity: Identity, platform: Platform }) => Promise<T>): Promise<T> {
    const identity = await this.identity()
    const api = await this.api()
    const platform = await this.platform(api)
    const { session, close } = await this.logIn(api, identity, platform.name)
    try {
      return await work({ api: session, identity, platform })
    } finally {
      await close()
    }
  }

  /**
   * A session by the key folder's certificate, ended by `close`; or the one that BONGIN_SESSION brings from the portal, where a
   * passkey was shown, and which goes on. @throws ClientError `mismatch` where that one is another holder's.
   */
  async logIn (api: Api, identity: Identity, platformName: string): Promise<{ session: Api, close: () => Promise<void> }> {
    const given = this.io.env['BONGIN_SESSION']?.trim() ?? ''
    if (given !== '') {
      const session = api.withToken(given)
      const { holderId, thumbprint } = await me(session)
      if (thumbprint === identity.thumbprint) return { session, close: async () => {} }
      throw new ClientError('mismatch', `BONGIN_SESSION is a session of ${holderId} with another certificate than the one in ${this.keys}.`)
    }
    const { api: session, passkeyReset } = await openSession(api, identity, platformName)
    if (passkeyReset !== null) this.out.note(`Your passkeys were reset by officer ${passkeyReset.resetBy} at ${passkeyReset.at}: ${passkeyReset.reason}`)
    // The token ends by itself soon; a failed logout must not hide what the work came to.
    return { session, close: async () => { await closeSession(session).catch(() => {}) } }
  }

  /** @throws ClientError `file`. */
  async readText (path: string): Promise<string> {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await this.readBytes(path))
  }

  /** @throws ClientError `file`. */
  async readBytes (path: string): Promise<Uint8Array> {
    try {
      return new Uint8Array(await readFile(path))
    } catch (error) {
      throw new ClientError('file', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
    }
  }

  /** @throws ClientError `file`. */
  async readJson<T> (path: string): Promise<T> {
    const text = await this.readText(path)
    try {
      return JSON.parse(text) as T
    } catch (error) {
      throw new ClientError('file', `${path} is no JSON: ${error instanceof Error ? error.message : ''}`, { cause: error })
    }
  }

  progress (what: string): Progress {
    return progressBar(what, this.io.isTty && !this.out.json)
  }
}

/** Wraps a command's work as commander wants it; commander's own last argument is the command. */
export type Action = (work: (context: Context, ...args: never[]) => Promise<void>) => (...args: unknown[]) => Promise<void>

/** `onEnd` hears how each command ended, whether its work returned or threw. */
export function actionWith (io: Io, onEnd: (exitCode: number) => void): Action {
  return (work) => async (...args) => {
    const command = args.at(-1) as Command
    const context = new Context(io, command.optsWithGlobals())
    try {
      await work(context, ...args.slice(0, -1) as never[])
      onEnd(context.exitCode)
    } catch (error) {
      context.out.error(error)
      onEnd(exitCodeOf(error))
    }
  }
}
