/** The officer's desk (`/desk`): its lists, and what they are made by, come once an officer is logged in. */
import { startDesk } from './desk.ts'

startDesk(async (session) => {
  const { runDesk } = await import('./desk-list.ts')
  await runDesk(session)
})
