/**
 * Signing an agreement: the leader's file is opened, the very statement is shown, signed with the key in this browser, and taken away as
 * a file. A file says nothing that is not looked at: what is signed is made anew from the members and shares that are shown.
 */
import { agreementFile, agreeToJointBid, MAX_JOINT_FILE_BYTES, readRequest, type SignedAgreement } from '../../client/joint-bids.ts'
import { getCheckedTender, type CheckedTender } from '../../client/tenders.ts'
import { agreementText, type ConsortiumTerms } from '../../crypto/consortium.ts'
import { checkConsortium } from '../../domain/consortium.ts'
import { percentText } from '../../domain/rate-text.ts'
import { onClick, onSubmit } from './acts.ts'
import { supplierOf, supplierText, tender } from './bid-state.ts'
import { membersTable } from './bid-tables.ts'
import { biddingWords } from './bidding-words.ts'
import { namedSupplier } from './supplier-names.ts'
import { check, setError } from './fields.ts'
import { watchFiles } from './file-drop.ts'
import { element, explain, make, showFacts } from './page.ts'
import { publicApi, type LoggedIn } from './session.ts'
import { currentView, show } from './views.ts'
import { saveFile } from './work.ts'
import { words } from './supplier-words.ts'

let looked: { terms: ConsortiumTerms, tender: CheckedTender } | null = null
let signed: SignedAgreement | null = null

/** Why this supplier cannot sign what the file asks for; empty where it can. */
function faultOf ({ tenderId, leaderId, members }: ConsortiumTerms, ownId: string): string {
  if (tenderId !== tender.id) return `${biddingWords.jointOtherTender} ${tenderId}`
  if (leaderId === ownId) return biddingWords.jointYouLead
  return members.some(({ supplierId }) => supplierId === ownId) ? '' : `${biddingWords.jointNotYou} ${members.map(({ supplierId }) => supplierId).join(', ')}`
}

/** Shows what the file asks for; says what is wrong with it, or nothing. */
async function openFile (session: LoggedIn, file: File): Promise<string> {
  if (file.size > MAX_JOINT_FILE_BYTES) return biddingWords.jointFileTooLarge
  const terms = readRequest(await file.text())
  const fault = faultOf(terms, session.identity.holderId)
  if (fault !== '') return fault
  const checked = await getCheckedTender(publicApi, session.platform, tender.id)
  checkConsortium({ ...terms, rule: checked.last.notice.terms.jointBids })
  looked = { terms, tender: checked }
  showTerms(session, looked)
  return ''
}

async function take (session: LoggedIn, [file]: readonly File[]): Promise<void> {
  if (file === undefined) return
  const fault = await openFile(session, file).catch((error: unknown) => explain(error).text)
  setError('request', fault === '' ? '' : `${file.name}: ${fault}`)
  if (fault !== '') element('request').focus()
}

function showTerms (session: LoggedIn, { terms, tender: { last: { notice } } }: NonNullable<typeof looked>): void {
  const { leaderId, members } = terms
  const own = members.find(({ supplierId }) => supplierId === session.identity.holderId)
  showFacts(element('look-facts'), [
    [words.bidTender, `${notice.terms.tenderId}-${notice.revision} ${notice.terms.title}`],
    [biddingWords.jointLeader, namedSupplier(publicApi, leaderId)],
    [biddingWords.jointYou, supplierText(session)],
    [biddingWords.jointYourShare, make('strong', { id: 'own-share' }, `${percentText(own?.sharePpm ?? 0)} %`)]
  ])
  element('look-members').replaceChildren(membersTable('asked-members', members))
  element('statement').textContent = agreementText(terms)
  element<HTMLInputElement>('agreed').checked = false
  show('look')
  history.pushState({ view: 'look' }, '')
}

async function sign (session: LoggedIn): Promise<void> {
  if (looked === null || !check(element('look-form'))) return
  const { leaderId, members } = looked.terms
  const jws = await agreeToJointBid(looked.tender, { identity: session.identity, leaderId, members })
  signed = { supplierId: supplierOf(session), jws }
  history.replaceState(null, '')
  show('signed')
  await save()
}

async function save (): Promise<void> {
  if (signed === null) return
  const { name, contents } = agreementFile({ ...signed, tenderId: tender.id })
  element('agreement-name').textContent = name
  saveFile(name, contents, 'application/json')
}

export function watchSigning (session: LoggedIn, failed: (error: unknown) => void): void {
  watchFiles({ drop: element('request-drop'), chooser: element<HTMLInputElement>('request') }, async (files) => { await take(session, files) })
  onSubmit('look-form', async () => { await sign(session) }, failed)
  onClick('back-to-file', async () => { history.back() }, failed)
  onClick('agreement-again', save, failed)
  addEventListener('popstate', () => {
    if (currentView() === 'look') show('open')
  })
}
