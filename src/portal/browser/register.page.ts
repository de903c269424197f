/**
 * Registration (`/register`), step by step. What was typed is kept in this tab, passphrases apart, so that neither a refusal nor
 * a change of language loses it. The key is made here; what is sent is a request that it signs.
 */
import { applySupplier } from '../../client/registration.ts'
import { signCsr, type CsrSubject } from '../../crypto/csr.ts'
import { isBusinessNumber } from '../../domain/business-number.ts'
import type { SupplierProfile } from '../../domain/holder.ts'
import { check, forgetErrorsOnInput, setError } from './fields.ts'
import { dropKey, keepKey, listKeys, type KeptKey } from './kept.ts'
import { element, explain, once, saveFile, showFacts, words } from './page.ts'
import { publicApi, showSession } from './session.ts'
import { keepTyped, restoreTyped, forgetTyped } from './typed.ts'

const RSA = 'RSASSA-PKCS1-v1_5'
const KEY_STEP = 2
const PKCS12_TYPE = 'application/x-pkcs12'

/** Members of the application to fields of the form. */
const FIELD_OF: ReadonlyArray<readonly [pointer: string, field: string]> = [
  ['/profile/companyName', 'companyName'], ['/profile/businessNumber', 'businessNumber'], ['/profile/representative', 'representative'],
  ['/profile/address', 'address'], ['/profile/region', 'region'], ['/profile/linesOfBusiness', 'linesOfBusiness'],
  ['/profile/contact/name', 'contactName'], ['/profile/contact/phone', 'contactPhone'], ['/profile/contact/email', 'contactEmail'],
  ['/passphrase', 'passphrase']
]

const form = element<HTMLFormElement>('registration')
const steps = [...form.querySelectorAll<HTMLElement>('.step')]
const marks = [...document.querySelectorAll('.steps li')]
const value = (id: string): string => element<HTMLInputElement>(id).value.trim().normalize('NFC')

let key: KeptKey | null = null
let backup: Uint8Array<ArrayBuffer> | null = null

function profileOf (): SupplierProfile {
  return {
    companyName: value('companyName'),
    businessNumber: value('businessNumber'),
    representative: value('representative'),
    address: value('address'),
    contact: { name: value('contactName'), phone: value('contactPhone'), email: value('contactEmail') },
    linesOfBusiness: value('linesOfBusiness').split(',').map((code) => code.trim()).filter((code) => code !== ''),
    region: value('region')
  }
}

function subjectOf ({ representative, companyName, businessNumber }: SupplierProfile): CsrSubject {
  return { commonName: representative, organization: companyName, serialNumber: businessNumber }
}

function go (index: number): void {
  steps.forEach((step, i) => { step.hidden = i !== index })
  marks.forEach((mark, i) => {
    if (i === index) mark.setAttribute('aria-current', 'step')
    else mark.removeAttribute('aria-current')
  })
  if (index === steps.length - 1) showSummary()
  steps[index]?.querySelector('h2')?.focus()
}

const current = (): number => steps.findIndex((step) => !step.hidden)

function showSummary (): void {
  const { companyName, businessNumber, representative, address, contact, linesOfBusiness, region } = profileOf()
  showFacts(element('summary'), [
    [words.companyName, companyName], [words.businessNumber, businessNumber], [words.representative, representative], [words.address, address],
    [words.region, region], [words.linesOfBusiness, linesOfBusiness.join(', ')], [words.contactName, contact.name],
    [words.contactPhone, contact.phone], [words.contactEmail, contact.email]
  ])
}

/** While typing: hyphens are taken out, and ten digits are added up. */
function watchBusinessNumber (): void {
  const field = element<HTMLInputElement>('businessNumber')
  const hint = element('businessNumber-hint')
  field.addEventListener('input', () => {
    field.value = field.value.replace(/\D/g, '').slice(0, 10)
    const [whole, good] = [field.value.length === 10, isBusinessNumber(field.value)]
    field.setCustomValidity(whole && !good ? words.businessNumberBad : '')
    hint.textContent = good ? words.businessNumberGood : words.businessNumberHint
  })
}

function forgetDifference (): void {
  element<HTMLInputElement>('passphraseAgain').setCustomValidity('')
}

function showKey (): void {
  element('key-made').hidden = key === null
  element('key-making').hidden = key !== null && backup !== null
  element('download-again').hidden = backup === null
  element('key-state').textContent = key === null ? '' : words.keyMade
}

async function makeNewKey (): Promise<void> {
  const [passphrase, again] = [element<HTMLInputElement>('passphrase'), element<HTMLInputElement>('passphraseAgain')]
  again.setCustomValidity(passphrase.value === again.value ? '' : words.passphraseDiffers)
  if (!check(element('key-making'))) return
  element('key-state').textContent = words.makingKey
  const { makeKey } = await import('./key-files.ts')
  const made = await makeKey({ subject: subjectOf(profileOf()), passphrase: passphrase.value })
  if (key !== null) await dropKey(key.keyId)
  key = made.key
  backup = made.backup
  passphrase.value = again.value = ''
  saveBackup()
  showKey()
}

function saveBackup (): void {
  if (backup !== null) saveFile(`bongin-${value('businessNumber')}.p12`, backup, PKCS12_TYPE)
}

async function send (): Promise<void> {
  element('form-error').textContent = ''
  if (key === null) {
    go(KEY_STEP)
    return
  }
  const { privateKey, publicKeySpki } = key
  const profile = profileOf()
  const subject = subjectOf(profile)
  const sign = async (input: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.sign(RSA, privateKey, new Uint8Array(input)))
  const csr = await signCsr({ publicKeySpki, subject }, sign)
  const { registrationId, status } = await applySupplier(publicApi, { csr, profile })
  await keepKey({ ...key, subject, registrationId, status })
  forgetTyped()
  location.assign('/register/status')
}

/** Beside the field at fault where there is one, in the step where it stands. */
function refused (error: unknown): void {
  const { text, field, code } = explain(error)
  // The key was applied with already, maybe in a try whose answer was lost: another one has to be made.
  if (code === 'key-reused') [key, backup] = [null, null]
  showKey()
  const id = field === null ? undefined : FIELD_OF.find(([pointer]) => field === pointer || field.startsWith(`${pointer}/`))?.[1]
  const step = code === 'key-reused' ? KEY_STEP : steps.findIndex((one) => id !== undefined && one.querySelector(`#${id}`) !== null)
  if (step >= 0) go(step)
  if (id === undefined) element('form-error').textContent = text
  else {
    setError(id, text)
    element(id).focus()
  }
}

async function start (): Promise<void> {
  restoreTyped(form)
  watchBusinessNumber()
  element('businessNumber').dispatchEvent(new Event('input'))
  for (const id of ['passphrase', 'passphraseAgain']) element(id).addEventListener('input', forgetDifference)
  forgetErrorsOnInput(form)
  form.addEventListener('input', () => { keepTyped(form) })
  key = (await listKeys()).find(({ status }) => status === 'new') ?? null
  showKey()
  const sendOnce = once(element<HTMLButtonElement>('send'), send, refused)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    // Return in a field of an earlier step means its "next".
    if (current() === steps.length - 1) sendOnce()
    else next()
  })
  for (const button of form.querySelectorAll('[data-next]')) button.addEventListener('click', next)
  for (const button of form.querySelectorAll('[data-back]')) button.addEventListener('click', () => { go(current() - 1) })
  const make = element<HTMLButtonElement>('make-key')
  make.addEventListener('click', once(make, makeNewKey, refused))
  element('download-again').addEventListener('click', saveBackup)
  showSession()
  form.hidden = false
  marks[0]?.setAttribute('aria-current', 'step')
}

function next (): void {
  const index = current()
  const step = steps[index]
  if (step === undefined) return
  if (index === KEY_STEP && key === null) {
    element<HTMLButtonElement>('make-key').click()
    return
  }
  // With a key at hand the passphrase fields for another one may stay empty.
  if (check(index === KEY_STEP ? element('key-made') : step)) go(index + 1)
}

start().catch(refused)
