/**
 * The supplier's pages: shells and forms. They show nothing that the public API does not show; whatever needs a key or a
 * session happens in the reader's browser, through the API (`browser/`).
 */
import { REGIONS } from '../../domain/regions.ts'
import { KIND_CODES, METHOD_CODES } from '../format.ts'
import type { PageRoutes } from '../plugin.ts'
import { shell, type Shell } from './parts.ts'

export const supplierPages: PageRoutes = (app, options) => {
  const at = (path: string, page: Shell): void => { shell([app, options], path, page) }
  at('/register', { template: 'register.eta', script: 'register.js', title: 'register', data: () => ({ regions: REGIONS }) })
  at('/register/status', { template: 'register-status.eta', script: 'register-status.js', title: 'statusTitle' })
  at('/login', { template: 'login.eta', script: 'login.js', title: 'login' })
  at('/my/notifications', { template: 'notifications.eta', script: 'notifications.js', title: 'notifications', data: () => ({ kinds: KIND_CODES, methods: METHOD_CODES, regions: REGIONS }) })
  at('/my/security', { template: 'security.eta', script: 'security.js', title: 'security' })
  at('/my', { template: 'my.eta', script: 'my.js', title: 'my' })
}
