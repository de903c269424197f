/** Sessions and certificates are kept in memory: what ended, ended for the very next request, also while others are being served. */
import t from 'tap'
import { sealFor } from '../../src/client/bids.ts'
import { revokeCertificate } from '../../src/client/registration.ts'
import { closeSession } from '../../src/client/sessions.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft } from '../support/stage.ts'

const app = await buildApp(t, { options: { bidThread: true } })
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi, chief } = cast
const [first, second, third] = cast.suppliers

async function envelopeOf (actor: typeof first, tenderId: TenderId): Promise<string> {
  if (actor === undefined) throw new Error('a supplier')
  const content = { amountWon: 27_500_000, picks: [1, 2] as const }
  return (await sealFor(publicApi, platform, { identity: actor.identity, tenderId, content, now: app.clock.now() })).envelope
}

async function send (actor: typeof first, tenderId: TenderId, envelope: string): Promise<{ status: number, code?: string }> {
  try {
    await actor?.api.postRepeatable(`/v1/tenders/${tenderId}/bids`, envelope, { contentType: 'application/jose' })
    return { status: 201 }
  } catch (error) {
    const { status, code } = error as { status: number, code: string }
    return { status, code }
  }
}

t.test('a revoked certificate bids no more, though it was used a moment ago', async (t) => {
  const tenderId = await publishDraft({ app, cast }, draftFor(cast))
  const [one, two] = [await envelopeOf(first, tenderId), await envelopeOf(second, tenderId)]
  await first?.api.get('/v1/me')
  await second?.api.get('/v1/me')
  const officer = await cast.login(chief)
  await revokeCertificate(officer.api, { thumbprint: first?.identity.thumbprint ?? '', reason: '분실' })
  t.match(await send(first, tenderId, one), { status: 401 }, 'its session ended with it')
  t.match(await send(second, tenderId, two), { status: 201 }, 'nobody else\'s did')
})

t.test('a session that was closed is closed at once, whatever else is under way', async (t) => {
  const { api } = await cast.login(third ?? chief)
  await api.get('/v1/me')
  const around = Array.from({ length: 20 }, async () => await second?.api.get('/v1/me'))
  await closeSession(api)
  await t.rejects(api.get('/v1/me'), { status: 401, code: 'session-invalid' })
  await Promise.all(around)
})
