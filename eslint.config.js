/**
 * neostandard's style, typescript-eslint's checks that need types, the size limits of the house style,
 * and the layers: a folder may import only what stands in its row (docs/architecture.md).
 */
import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'
import { LAYERS } from './scripts/layers.js'

const folders = Object.keys(LAYERS)

/** One rule block per folder: every src folder that it may not import is forbidden by path. */
const layerRules = Object.entries(LAYERS).map(([folder, row]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {
      patterns: [
        ...folders.filter((other) => other !== folder && !row.may.includes(other))
          .map((other) => ({ regex: `^(\\.\\./)+${other}/`, message: `${folder}/ may not import ${other}/ (docs/architecture.md).` })),
        ...(row.pure === true ? [{ regex: '^[^.]', message: `${folder}/ is pure: it imports nothing from outside.` }] : []),
        { regex: '^(\\.\\./)+(app|main|config)\\.ts$', message: 'Only the composition root imports itself.' }
      ]
    }]
  }
}))

export default [
  { ignores: ['node_modules/**', 'data/**', 'demo-data/**', '.tap/**', 'wasm/assembly/**'] },
  ...neostandard({ ts: true }),
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-unused-vars': 'off',
      'no-use-before-define': 'off',
      '@stylistic/max-len': ['error', { code: 150, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }]
    }
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      'no-console': 'error'
    }
  },
  // A route file is one function that lists routes; each handler in it is short.
  { files: ['src/http/routes/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'crypto', 'performance'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }]
    }
  },
  // tap collects its subtests itself.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  { files: ['src/cli/**/*.ts', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ...layerRules
]
