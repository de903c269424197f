/** Words of notifications in English. */
import type { notificationsKo } from '../ko/notifications.ts'

export const notificationsEn: Readonly<Record<keyof typeof notificationsKo, string>> = {
  unsubscribe: 'Stop notifications by e-mail',
  unsubscribeText: 'No more notifications will be sent to this address.',
  unsubscribeButton: 'Stop them',
  unsubscribed: 'Done. Nothing more is sent to this address.',
  unsubscribedAgain: 'Log in and enter your e-mail address again to be told once more.'
}
