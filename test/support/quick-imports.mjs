/**
 * Node reads the package.json of every module it imports for its type, and drizzle-orm has 180 KB of it for some hundred modules: a second
 * of every process and of every thread that has the database. Its files end in .js and are modules, so a relative import within it needs no look.
 */
import { registerHooks } from 'node:module'

const WITHIN = /\/node_modules\/drizzle-orm\//

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const { parentURL } = context
    return parentURL !== undefined && /^\.\.?\/.*\.js$/.test(specifier) && WITHIN.test(parentURL)
      ? { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
      : nextResolve(specifier, context)
  }
})
