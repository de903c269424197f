/** Attachments of a notice: dropped or chosen, sent to the server at once, listed, and taken off again. */
import { uploadAttachment } from '../../client/ceremony.ts'
import type { Api } from '../../client/api.ts'
import type { Sha256Hex } from '../../domain/ids.ts'
import { MAX_ATTACHMENT_BYTES } from '../../domain/notice.ts'
import { deskWords } from './desk-words.ts'
import { setError } from './fields.ts'
import { watchFiles } from './file-drop.ts'
import { element, explain, make, ReaderFault } from './page.ts'

interface Attached { name: string, sha256: Sha256Hex, sizeBytes: number | null }

const store = (): HTMLInputElement => element<HTMLInputElement>('attachments')

export function attachedFiles (): Attached[] {
  return JSON.parse(store().value) as Attached[]
}

export function setAttached (files: readonly Attached[]): void {
  store().value = JSON.stringify(files)
  // For whoever keeps what the form says.
  store().dispatchEvent(new Event('input', { bubbles: true }))
  showAttached()
}

function showAttached (): void {
  element('attached').replaceChildren(...attachedFiles().map(({ name, sha256, sizeBytes }) => {
    const remove = make('button', { type: 'button', class: 'quiet', 'aria-label': `${deskWords.removeFile}: ${name}` }, deskWords.removeFile)
    remove.addEventListener('click', () => {
      setAttached(attachedFiles().filter((file) => file.sha256 !== sha256))
      element('files').focus()
    })
    const size = sizeBytes === null ? '' : ` (${Math.ceil(sizeBytes / 1024).toLocaleString('en-US')} KB)`
    return make('li', {}, make('strong', {}, name), size, ' ', make('code', { class: 'note' }, `${sha256.slice(0, 16)}…`), ' ', remove)
  }))
}

export function watchAttachments (api: Api): void {
  watchFiles({ drop: element('drop'), chooser: element<HTMLInputElement>('files') }, async (files) => { await uploadAll(api, files) })
  showAttached()
}

async function uploadAll (api: Api, files: readonly File[]): Promise<void> {
  setError('attachments', '')
  for (const file of files) {
    element('attach-state').textContent = `${deskWords.attaching} ${file.name}`
    try {
      // The server says so too; nobody need wait for it.
      if (file.size > MAX_ATTACHMENT_BYTES) throw new ReaderFault(deskWords.fileTooLarge)
      const { sha256, sizeBytes } = await uploadAttachment(api, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
      setAttached([...attachedFiles().filter((one) => one.sha256 !== sha256), { name: file.name, sha256, sizeBytes }])
    } catch (error) {
      setError('attachments', `${file.name}: ${explain(error).text}`)
    }
  }
  element('attach-state').textContent = ''
}
