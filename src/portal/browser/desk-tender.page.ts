/** One tender at the officer's desk (`/desk/tenders/:tenderId`): the cryptography comes once an officer is logged in. */
import { startDesk } from './desk.ts'

startDesk(async (session) => {
  const { runTender } = await import('./tender-page.ts')
  await runTender(session)
})
