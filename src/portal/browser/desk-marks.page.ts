/** Marking proposals (`/desk/tenders/:tenderId/marks`): the cryptography comes once an evaluator is logged in. */
import { startDesk } from './desk.ts'

startDesk(async (session) => {
  const { runMarks } = await import('./marks-page.ts')
  await runMarks(session)
})
