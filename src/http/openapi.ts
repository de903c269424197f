/** The API's description, OpenAPI 3.1 from the routes' own schemas, and a page to read it (`/docs`). */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastifyPlugin from 'fastify-plugin'
import { PROBLEM_TYPE } from './problems.ts'

const TAGS = [
  { name: 'platform', description: '플랫폼 — who this server is' },
  { name: 'registrations', description: '등록 — suppliers and officers, once' },
  { name: 'sessions', description: '로그인 — by signature, no passwords' },
  { name: 'passkeys', description: '패스키 — the second factor' },
  { name: 'holders', description: '업체·담당관·인증서' },
  { name: 'notices', description: '공고 작성과 게시 — officers' },
  { name: 'tenders', description: '공고 조회 — public' },
  { name: 'bids', description: '입찰 — suppliers' },
  { name: 'openings', description: '개찰·심사·낙찰 — officers' },
  { name: 'outages', description: '장애와 입찰 연기 — platform officers; the list is public' },
  { name: 'statistics', description: '통계와 개찰·낙찰 현황 — public, from opened tenders alone' },
  { name: 'notifications', description: '알림 — saved searches, own tenders\' news, e-mail, webhooks' },
  { name: 'events', description: '소식 — public feed' }
]

/** Every operation may answer with a problem; said once here rather than on each route. */
const PROBLEM_RESPONSE = {
  description: 'RFC 9457 problem; the codes are listed in docs/errors.md',
  content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } }
}

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'titleKo', 'status', 'code', 'detail', 'detailKo'],
  properties: {
    type: { type: 'string', description: 'urn:bongin:problem:<code>' },
    title: { type: 'string' },
    titleKo: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    detailKo: { type: 'string' },
    field: { type: 'string', description: 'JSON Pointer of the value at fault' }
  }
} as const

export const openapiPlugin = fastifyPlugin(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: '봉인 Bongin',
          version: '1',
          description:
            '봉인 입찰 서버 — e-procurement with sealed bids. Times carry their zone; money is whole won; errors are problem documents.',
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
        },
        tags: TAGS,
        components: {
          securitySchemes: { session: { type: 'http', scheme: 'bearer', description: 'POST /v1/sessions' } },
          schemas: { Problem: PROBLEM_SCHEMA as never }
        }
      },
      transform: ({ schema, url, route }) => {
        const access = route.config?.access
        const secured = access === undefined || access === 'public' ? {} : { security: [{ session: [] }] }
        return {
          url,
          schema: { ...schema, ...secured, response: { ...((schema.response as object | undefined) ?? {}), default: PROBLEM_RESPONSE } }
        }
      }
    })
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list', tryItOutEnabled: false } })
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  },
  { name: 'openapi' }
)
