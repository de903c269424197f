/** Drafting a notice (`/desk/tenders/new`, `…/edit`): the rules and the cryptography come once an officer is logged in. */
import { startDesk } from './desk.ts'

startDesk(async (session) => {
  const { runDraft } = await import('./draft-desk.ts')
  await runDraft(session)
})
