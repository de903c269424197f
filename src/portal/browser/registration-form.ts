/**
 * Registration step by step, of suppliers and of officers. What was typed is kept in this tab, passphrases apart, so that neither
 * a refusal nor a change of language loses it. The key is made here; what is sent is a request that it signs.
 */
import type { RegistrationReceipt } from '../../client/types.ts'
import { signCsr, type CsrSubject } from '../../crypto/csr.ts'
import type { HolderKind } from '../../domain/holder.ts'
import { onClick } from './acts.ts'
import { check, forgetErrorsOnInput, setError } from './fields.ts'
import { dropKey, keepKey, listKeys, type KeptKey } from './kept.ts'
import { element, explain, showFacts } from './page.ts'
import { showSession } from './session.ts'
import { keepTyped, restoreTyped, forgetTyped } from './typed.ts'
import { once, saveFile } from './work.ts'
import { words } from './supplier-words.ts'

const RSA = 'RSASSA-PKCS1-v1_5'
const KEY_STEP = 2

/** What one kind of holder registers with. */
interface Applicant<Profile> {
  kind: HolderKind
  profile: () => Profile
  subject: (profile: Profile) => CsrSubject
  /** What is looked at once more before it is sent. */
  facts: (profile: Profile) => ReadonlyArray<readonly [string, string]>
  apply: (application: { csr: string, profile: Profile }) => Promise<RegistrationReceipt>
  backup: (profile: Profile) => { name: string, type: string }
  /** Members of the application to fields of the form. */
  fieldOf: ReadonlyArray<readonly [pointer: string, field: string]>
  /** What only this form checks in a step, beyond its fields' own attributes. */
  checkStep?: (index: number) => boolean
}

const form = element<HTMLFormElement>('registration')
const steps = [...form.querySelectorAll<HTMLElement>('.step')]
const marks = [...document.querySelectorAll('.steps li')]

export const fieldValue = (id: string): string => element<HTMLInputElement>(id).value.trim().normalize('NFC')

let key: KeptKey | null = null
let backup: Uint8Array<ArrayBuffer> | null = null

export function startRegistration<Profile> (applicant: Applicant<Profile>): void {
  new Registration(applicant).start().catch((error: unknown) => { element('form-error').textContent = explain(error).text })
}

class Registration<Profile> {
  readonly #applicant: Applicant<Profile>

  constructor (applicant: Applicant<Profile>) {
    this.#applicant = applicant
  }

  async start (): Promise<void> {
    restoreTyped(form)
    for (const id of ['passphrase', 'passphraseAgain']) element(id).addEventListener('input', forgetDifference)
    forgetErrorsOnInput(form)
    form.addEventListener('input', () => { keepTyped(form) })
    const { kind } = this.#applicant
    key = (await listKeys()).find(({ status, encryption }) => status === 'new' && (kind === 'officer') === (encryption !== undefined)) ?? null
    showKey()
    const refused = (error: unknown): void => { this.#refused(error) }
    const sendOnce = once(element<HTMLButtonElement>('send'), async () => { await this.#send() }, refused)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      // Return in a field of an earlier step means its "next".
      if (current() === steps.length - 1) sendOnce()
      else this.#next()
    })
    for (const button of form.querySelectorAll('[data-next]')) button.addEventListener('click', () => { this.#next() })
    for (const button of form.querySelectorAll('[data-back]')) button.addEventListener('click', () => { this.#go(current() - 1) })
    onClick('make-key', async () => { await this.#makeNewKey() }, refused)
    element('download-again').addEventListener('click', () => { this.#saveBackup() })
    showSession()
    form.hidden = false
    marks[0]?.setAttribute('aria-current', 'step')
  }

  #go (index: number): void {
    steps.forEach((step, i) => { step.hidden = i !== index })
    marks.forEach((mark, i) => {
      if (i === index) mark.setAttribute('aria-current', 'step')
      else mark.removeAttribute('aria-current')
    })
    if (index === steps.length - 1) showFacts(element('summary'), this.#applicant.facts(this.#applicant.profile()))
    steps[index]?.querySelector('h2')?.focus()
  }

  #next (): void {
    const index = current()
    const step = steps[index]
    if (step === undefined) return
    if (index === KEY_STEP && key === null) {
      element<HTMLButtonElement>('make-key').click()
      return
    }
    // With a key at hand the passphrase fields for another one may stay empty.
    const complete = check(index === KEY_STEP ? element('key-made') : step)
    if ((this.#applicant.checkStep?.(index) ?? true) && complete) this.#go(index + 1)
  }

  async #makeNewKey (): Promise<void> {
    const [passphrase, again] = [element<HTMLInputElement>('passphrase'), element<HTMLInputElement>('passphraseAgain')]
    again.setCustomValidity(passphrase.value === again.value ? '' : words.passphraseDiffers)
    if (!check(element('key-making'))) return
    element('key-state').textContent = words.makingKey
    const { makeKey } = await import('./key-files.ts')
    const { kind, subject, profile } = this.#applicant
    const made = await makeKey({ kind, subject: subject(profile()), passphrase: passphrase.value })
    if (key !== null) await dropKey(key.keyId)
    key = made.key
    backup = made.backup
    passphrase.value = again.value = ''
    this.#saveBackup()
    showKey()
  }

  #saveBackup (): void {
    if (backup === null) return
    const { name, type } = this.#applicant.backup(this.#applicant.profile())
    saveFile(name, backup, type)
  }

  async #send (): Promise<void> {
    element('form-error').textContent = ''
    if (key === null) {
      this.#go(KEY_STEP)
      return
    }
    const { privateKey, publicKeySpki } = key
    const profile = this.#applicant.profile()
    const subject = this.#applicant.subject(profile)
    const sign = async (input: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.sign(RSA, privateKey, new Uint8Array(input)))
    const csr = await signCsr({ publicKeySpki, subject }, sign)
    const { registrationId, status } = await this.#applicant.apply({ csr, profile })
    await keepKey({ ...key, subject, registrationId, status })
    forgetTyped(form)
    location.assign('/register/status')
  }

  /** Beside the field at fault where there is one, in the step where it stands. */
  #refused (error: unknown): void {
    const { text, field, code } = explain(error)
    // The key was applied with already, maybe in a try whose answer was lost: another one has to be made.
    if (code === 'key-reused') [key, backup] = [null, null]
    showKey()
    const id = field === null ? undefined : this.#applicant.fieldOf.find(([pointer]) => field === pointer || field.startsWith(`${pointer}/`))?.[1]
    const step = code === 'key-reused' ? KEY_STEP : steps.findIndex((one) => id !== undefined && one.querySelector(`#${id}`) !== null)
    if (step >= 0) this.#go(step)
    if (id === undefined) element('form-error').textContent = text
    else {
      setError(id, text)
      element(id).focus()
    }
  }
}

const current = (): number => steps.findIndex((step) => !step.hidden)

function forgetDifference (): void {
  element<HTMLInputElement>('passphraseAgain').setCustomValidity('')
}

function showKey (): void {
  element('key-made').hidden = key === null
  element('key-making').hidden = key !== null && backup !== null
  element('download-again').hidden = backup === null
  element('key-state').textContent = key === null ? '' : words.keyMade
}
