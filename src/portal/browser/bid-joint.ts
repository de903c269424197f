/**
 * A joint bid that this supplier leads (공동수급): the members and their shares, a file by which they are asked to agree, and the
 * agreements that they hand back. Who has signed what is asked for now is seen at every point; other shares make an agreement void.
 */
import { agreementState, assembleConsortium, MAX_JOINT_FILE_BYTES, readAgreement, requestFile, type SignedAgreement } from '../../client/joint-bids.ts'
import type { ConsortiumShare } from '../../domain/consortium.ts'
import type { SupplierId } from '../../domain/ids.ts'
import type { JointBidRule } from '../../domain/notice.ts'
import { percentText } from '../../domain/rate-text.ts'
import type { ConsortiumSaid, Part } from './bid-form.ts'
import { tender } from './bid-state.ts'
import { biddingWords } from './bidding-words.ts'
import { setError } from './fields.ts'
import { watchFiles } from './file-drop.ts'
import { keepJointBid, keptJointBid } from './joint-kept.ts'
import { MemberRows } from './joint-members.ts'
import { element, explain } from './page.ts'
import { saveFile } from './work.ts'

const STATE_WORDS = {
  leads: biddingWords.jointLeads, signed: biddingWords.jointSigned, differs: biddingWords.jointDiffers, missing: biddingWords.jointMissing
} as const

const choices = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>('input[name=bidder]')]
const isJoint = (): boolean => choices().some(({ checked, value }) => checked && value === 'joint')

export class JointPart implements Part<ConsortiumSaid> {
  readonly #leaderId: SupplierId
  readonly #members: MemberRows
  #agreements: readonly SignedAgreement[] = []

  constructor (leaderId: SupplierId, rule: JointBidRule) {
    this.#leaderId = leaderId
    const changed = (): void => { this.#changed() }
    this.#members = new MemberRows({ leaderId, rule, changed })
    for (const choice of choices()) choice.addEventListener('change', changed)
    element('request-file').addEventListener('click', () => { this.#saveRequest() })
    watchFiles({ drop: element('agreement-drop'), chooser: element<HTMLInputElement>('agreement-files') }, async (files) => { await this.#takeAll(files) })
    this.empty()
  }

  /** Nothing of it is secret, and agreements outlive a bid: a change of terms asks for another bid and not for another agreement. */
  empty (): void {
    const { joint, rows, agreements } = keptJointBid(tender.id, this.#leaderId)
    this.#agreements = agreements
    for (const choice of choices()) choice.checked = (choice.value === 'joint') === joint
    this.#members.show(rows)
    this.#show()
  }

  read (): ConsortiumSaid | null {
    if (!isJoint()) return { consortium: undefined }
    const members = this.#members.read()
    if (members === null) return null
    const missing = members.filter((_, i) => i > 0 && this.#stateOf(members, i) !== 'signed').map(({ supplierId }) => supplierId)
    setError('agreement-files', missing.length === 0 ? '' : `${biddingWords.jointUnsigned} ${missing.join(', ')}`)
    if (missing.length > 0) return null
    return { consortium: assembleConsortium({ tenderId: tender.id, leaderId: this.#leaderId, members, agreements: this.#agreements }) }
  }

  refuse (place: string, text: string): boolean {
    if (!/^(?:\/payload\/consortium|\/members)/.test(place)) return false
    this.#members.refuse(place, text)
    return true
  }

  #changed (): void {
    keepJointBid(tender.id, this.#leaderId, { joint: isJoint(), rows: this.#members.rows(), agreements: [...this.#agreements] })
    this.#show()
  }

  #stateOf (members: readonly ConsortiumShare[], i: number): keyof typeof STATE_WORDS {
    const signed = this.#agreements.find(({ supplierId }) => supplierId === members[i]?.supplierId)
    return i === 0 ? 'leads' : agreementState({ tenderId: tender.id, leaderId: this.#leaderId, members }, signed)
  }

  /** Of what the rows say now, complete or not. */
  #show (): void {
    element('joint').hidden = !isJoint()
    const members = this.#members.shares()
    const states = members.map((_, i) => this.#stateOf(members, i))
    states.forEach((state, i) => {
      element(`agreement-${i}`).textContent = STATE_WORDS[state]
      element(`agreement-${i}`).dataset['agreement'] = state
    })
    element('agreements-count').textContent = `${states.filter((state) => state === 'signed').length}/${members.length - 1}`
    const options = members.map(({ supplierId, sharePpm }) => `--member ${supplierId}=${percentText(sharePpm)}`)
    element('agree-command').textContent = `bongin bid agree ${tender.id} --leader ${this.#leaderId} ${options.join(' ')}`
  }

  #saveRequest (): void {
    const members = this.#members.read()
    if (members === null) {
      element('joint').querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
      return
    }
    const { name, contents } = requestFile({ tenderId: tender.id, leaderId: this.#leaderId, members })
    saveFile(name, contents, 'application/json')
  }

  async #takeAll (files: readonly File[]): Promise<void> {
    const faults: string[] = []
    for (const file of files) {
      const fault = await this.#take(file).catch((error: unknown) => explain(error).text)
      if (fault !== '') faults.push(`${file.name}: ${fault}`)
    }
    setError('agreement-files', faults.join(' '))
    this.#changed()
  }

  /** The file's fault, or empty once it is taken. */
  async #take (file: File): Promise<string> {
    if (file.size > MAX_JOINT_FILE_BYTES) return biddingWords.jointFileTooLarge
    const { terms, ...signed } = readAgreement(await file.text())
    if (terms.tenderId !== tender.id) return `${biddingWords.jointOtherTender} ${terms.tenderId}`
    if (terms.leaderId !== this.#leaderId) return `${biddingWords.jointOtherLeader} ${terms.leaderId}`
    // Nobody is typed in yet: the agreement says who takes part.
    if (this.#members.rows().slice(1).every(({ supplierId }) => supplierId === '')) {
      this.#members.show(terms.members.map(({ supplierId, sharePpm }) => ({ supplierId, share: percentText(sharePpm) })))
    }
    if (!this.#members.rows().slice(1).some(({ supplierId }) => supplierId === signed.supplierId)) return biddingWords.jointNoMember
    this.#agreements = [...this.#agreements.filter(({ supplierId }) => supplierId !== signed.supplierId), signed]
    return ''
  }
}
