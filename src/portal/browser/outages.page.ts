/** Outages (`/desk/outages`): the rules come once an officer is logged in. */
import { startDesk } from './desk.ts'

startDesk(async (session) => {
  const { runOutages } = await import('./outage-desk.ts')
  await runOutages(session)
})
