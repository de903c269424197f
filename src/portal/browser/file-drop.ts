/** Files that are dropped on a place or chosen in its field: taken one lot after the other, so that what came first stands first. */

export interface FilePlace { drop: HTMLElement, chooser: HTMLInputElement }

/** `take` says itself what is wrong with a file. */
export function watchFiles ({ drop, chooser }: FilePlace, take: (files: readonly File[]) => Promise<void>): void {
  let last: Promise<void> = Promise.resolve()
  const queue = (files: Iterable<File>): void => {
    const all = [...files]
    last = last.then(async () => { await take(all) })
  }
  chooser.addEventListener('change', () => {
    queue(chooser.files ?? [])
    chooser.value = ''
  })
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault()
      drop.dataset['over'] = ''
    })
  }
  drop.addEventListener('dragleave', () => { delete drop.dataset['over'] })
  drop.addEventListener('drop', (event) => {
    event.preventDefault()
    delete drop.dataset['over']
    queue(event.dataTransfer?.files ?? [])
  })
}
