/**
 * The page that verifies an opening: starts the worker, passes on each step when it is done, judges, and remembers the root
 * certificate on which it all hangs.
 */
import type { Sha256Hex } from '../../domain/ids.ts'
import { forgetRoot, pinnedRoot, pinRoot } from './root-pin.ts'
import type { Compared, SavedReport, VerifyJob, VerifyNews } from './verify-talk.ts'
import { VerifyView } from './verify-view.ts'
import { once, saveFile } from './work.ts'

const article = document.querySelector<HTMLElement>('#verify')
const workerUrl = article?.dataset['worker']
if (article !== null && workerUrl !== undefined) setUp(new VerifyView(article), { workerUrl, tenderId: article.dataset['tender'] ?? '' })

function setUp (view: VerifyView, { workerUrl, tenderId }: { workerUrl: string, tenderId: string }): void {
  let report: SavedReport | null = null
  const start = view.find('#start')
  start.addEventListener('click', once(start, async () => { report = await run(view, { workerUrl, tenderId }) }, (error) => {
    view.say(view.said.unreachable, 'failed', { detail: error instanceof Error ? error.message : String(error) })
  }))
  view.find('#save').addEventListener('click', () => { if (report !== null) saveFile(`${tenderId}.verify.json`, `${JSON.stringify(report)}\n`, 'application/json') })
  view.find('#forget').addEventListener('click', () => {
    forgetRoot()
    view.showRoot(null, { text: view.said.forgotten, isPinned: pinnedRoot() !== null })
  })
  const pinned = pinnedRoot()
  view.showRoot(pinned, { isPinned: pinned !== null })
}

/** @throws Error where the record, or the published opening, did not come. */
async function run (view: VerifyView, { workerUrl, tenderId }: { workerUrl: string, tenderId: string }): Promise<SavedReport> {
  const pinned = pinnedRoot()
  view.clear()
  view.say(view.said.downloading, 'running')
  const worker = new Worker(workerUrl, { type: 'module' })
  try {
    const { report, compared } = await new Promise<Extract<VerifyNews, { kind: 'done' }>>((resolve, reject) => {
      worker.addEventListener('error', ({ message }) => { reject(new Error(message)) })
      worker.addEventListener('message', ({ data: news }: MessageEvent<VerifyNews>) => {
        switch (news.kind) {
          case 'downloaded':
            view.say(view.said.running, 'running')
            view.begin('shape')
            break
          case 'step': view.showStep(news.step)
            break
          case 'opened': view.showOpened(news.done, news.total)
            break
          case 'done': resolve(news)
            break
          case 'fault': reject(new Error(news.detail))
        }
      })
      worker.postMessage({ baseUrl: location.origin, tenderId, trustedRootSha256: pinned } satisfies VerifyJob)
    })
    judgeRoot(view, report, pinned)
    judge(view, { report, compared, tenderId })
    view.find('#save').hidden = false
    return report
  } finally {
    worker.terminate()
  }
}

/** The step `platform` is what a certificate passes or not; one that does is remembered at the first contact. */
function judgeRoot (view: VerifyView, { steps, rootFingerprint }: SavedReport, pinned: Sha256Hex | null): void {
  const platform = steps.find(({ name }) => name === 'platform')
  if (platform === undefined) return
  if (platform.ok && rootFingerprint !== null) {
    pinRoot(rootFingerprint)
    view.showRoot(rootFingerprint, { text: pinned === null ? view.said.firstContact : view.said.remembered, isPinned: pinnedRoot() !== null })
  } else if (pinned !== null) view.showRoot(pinned, { text: platform.detail.includes('is not the trusted one') ? view.said.otherRoot : '', isPinned: true })
}

function judge (view: VerifyView, { report, compared, tenderId }: { report: SavedReport, compared: Compared | null, tenderId: string }): void {
  const { said } = view
  const { failure, openingSha256 } = report
  if (failure !== null) {
    view.say(said.failedAt.replace('{step}', view.nameOf(failure.step)), 'failed', { detail: failure.detail, objects: true })
    return
  }
  if (report.tenderId !== tenderId) {
    view.say(said.otherTender.replace('{tenderId}', String(report.tenderId)), 'failed')
    return
  }
  if (compared !== null) view.showCompared(compared)
  if (compared?.publishedSha256 !== openingSha256) view.say(said.otherTable, 'failed')
  else view.say(said.verified.replace('{tenderId}', tenderId).replace('{sha256}', String(openingSha256)), 'ok')
}
