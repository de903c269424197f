/**
 * The proposal of a bid with two envelopes: a summary, and documents that are dropped or chosen. Documents are read in this browser
 * for their digests alone and are sent nowhere; what is sealed is their names, sizes and digests. Limits are said before sealing.
 */
import { MAX_PROPOSAL_BYTES, proposalBytes } from '../../crypto/proposal.ts'
import { MAX_DOCUMENT_NAME_LENGTH, MAX_PROPOSAL_DOCUMENTS, MAX_SUMMARY_LENGTH, type Proposal, type ProposalDocument } from '../../domain/technical-opening.ts'
import type { Part, ProposalSaid } from './bid-form.ts'
import { biddingWords } from './bidding-words.ts'
import { digestOf, MAX_DIGESTED_BYTES } from './document-digest.ts'
import { setError } from './fields.ts'
import { watchFiles } from './file-drop.ts'
import { element, make } from './page.ts'

let documents: readonly ProposalDocument[] = []
/** Files whose digest is being taken. */
let reading = 0

const summary = (): HTMLTextAreaElement => element<HTMLTextAreaElement>('proposal-summary')
const proposal = (): Proposal => ({ summary: summary().value.trim().normalize('NFC'), documents: [...documents] })

const sizeText = (bytes: number): string => `${bytes.toLocaleString('en-US')} B`

function setDocuments (list: readonly ProposalDocument[]): void {
  documents = list
  element('proposal-documents').replaceChildren(...documents.map(({ name, sha256, sizeBytes }) => {
    const remove = make('button', { type: 'button', class: 'quiet', 'aria-label': `${biddingWords.documentRemove}: ${name}` }, biddingWords.documentRemove)
    remove.addEventListener('click', () => {
      setDocuments(documents.filter((document) => document.sha256 !== sha256))
      setError('proposal-files', '')
      element('proposal-files').focus()
    })
    return make('li', {}, make('strong', { dir: 'auto' }, name), ` ${sizeText(sizeBytes)} `, make('code', { class: 'note' }, sha256), ' ', remove)
  }))
  showSize()
}

/** How much of the seal is filled; too much is said at once. */
function showSize (): boolean {
  const bytes = proposalBytes(proposal())
  const fits = bytes <= MAX_PROPOSAL_BYTES
  element('proposal-size').textContent = `${sizeText(bytes)} / ${sizeText(MAX_PROPOSAL_BYTES)}`
  const fault = fits ? '' : `${biddingWords.proposalTooLong} (${sizeText(bytes)} / ${sizeText(MAX_PROPOSAL_BYTES)})`
  // The field's own check, so that the fault stays while it is typed in.
  summary().setCustomValidity(fault)
  setError('proposal-summary', fault)
  return fits
}

/** Why this file cannot be among the documents; empty where it can. */
function faultOf ({ name, size }: Pick<File, 'name' | 'size'>): string {
  if (size > MAX_DIGESTED_BYTES) return biddingWords.documentTooLarge
  if (name.trim() === '' || name.length > MAX_DOCUMENT_NAME_LENGTH) return biddingWords.documentNameBad
  return documents.length >= MAX_PROPOSAL_DOCUMENTS ? biddingWords.documentTooMany : ''
}

async function takeAll (files: readonly File[]): Promise<void> {
  const faults: string[] = []
  setError('proposal-files', '')
  reading += files.length
  for (const file of files) {
    const name = file.name.normalize('NFC')
    const fault = faultOf({ name, size: file.size })
    if (fault === '') await take(file, name).catch((error: unknown) => faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`))
    else faults.push(`${name}: ${fault}`)
    reading--
  }
  element('proposal-state').textContent = ''
  if (faults.length > 0) setError('proposal-files', faults.join(' '))
}

/** The same content again is the same document; two documents of one name could not be told apart. */
async function take (file: File, name: string): Promise<void> {
  const sha256 = await digestOf(file, (bytes) => {
    const percent = Math.floor(100 * bytes / Math.max(1, file.size))
    element('proposal-state').textContent = `${biddingWords.documentReading} ${name} (${percent} %)`
  }).catch(() => { throw new Error(biddingWords.documentUnreadable) })
  const others = documents.filter((document) => document.sha256 !== sha256)
  if (others.some((document) => document.name === name)) throw new Error(biddingWords.documentNameTwice)
  setDocuments([...others, { name, sha256, sizeBytes: file.size }])
}

function read (): ProposalSaid | null {
  const said = proposal()
  const fits = showSize()
  if (said.summary.length > MAX_SUMMARY_LENGTH) setError('proposal-summary', biddingWords.summaryTooLong)
  else if (said.summary === '' && documents.length === 0) setError('proposal-summary', biddingWords.proposalEmpty)
  else if (reading > 0) setError('proposal-files', biddingWords.documentsNotRead)
  else if (fits) return { proposal: said }
  return null
}

export function proposalPart (): Part<ProposalSaid> {
  watchFiles({ drop: element('proposal-drop'), chooser: element<HTMLInputElement>('proposal-files') }, takeAll)
  summary().addEventListener('input', showSize)
  setDocuments([])
  return {
    read,
    empty () { setDocuments([]) },
    refuse (place, text) {
      if (!place.startsWith('/proposal')) return false
      setError(place.startsWith('/proposal/documents') ? 'proposal-files' : 'proposal-summary', text)
      return true
    }
  }
}
