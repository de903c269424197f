/** What every page with a button needs, and nothing that would load more: work that is done once at a time, and files to save. */

/** Runs the work unless it runs already: a second click does nothing. What goes wrong is said in `failed`. */
export function once (button: HTMLElement, work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let busy = false
  return () => {
    if (busy) return
    busy = true
    // Not disabled, which would take the focus away.
    button.setAttribute('aria-disabled', 'true')
    work().catch(failed).finally(() => {
      busy = false
      button.removeAttribute('aria-disabled')
    })
  }
}

/** Lets the browser save a file. */
export function saveFile (name: string, contents: string | Uint8Array<ArrayBuffer>, type: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([contents], { type }))
  link.download = name
  link.click()
  // The download has begun by then; the bytes need not stay in memory.
  setTimeout(() => { URL.revokeObjectURL(link.href) }, 60_000)
}
