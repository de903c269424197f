/**
 * The layers of src/ (docs/architecture.md): what each folder may import. One table for the lint rule and for the
 * architecture test. `pure` folders import nothing but their own files; a folder within a folder has its own row.
 * @type {Record<string, { may: string[], pure?: boolean }>}
 */
export const LAYERS = {
  domain: { may: [], pure: true },
  crypto: { may: ['domain'] },
  storage: { may: ['domain'] },
  services: { may: ['domain', 'crypto', 'storage'] },
  kek: { may: ['domain', 'crypto'] },
  http: { may: ['services', 'domain'] },
  ws: { may: ['services', 'domain'] },
  portal: { may: ['services', 'domain', 'http', 'portal/texts'] },
  'portal/texts': { may: ['domain'] },
  'portal/browser': { may: ['client', 'crypto', 'domain', 'portal/texts'] },
  channels: { may: ['domain', 'services'] },
  workers: { may: ['domain', 'crypto', 'services'] },
  client: { may: ['domain', 'crypto'] },
  cli: { may: ['client', 'domain', 'crypto', 'cli/replay'] },
  'cli/replay': { may: ['domain'] }
}
