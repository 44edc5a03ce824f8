// Finds what our programs import without Node's own search, which takes longer than to load it.
import {registerHooks} from 'node:module'
import {packedPackages} from './packedPackages.ts'

const packed = packedPackages()

// Node would look for the real path of each file, and for the package that it belongs to.
registerHooks({
  resolve: (specifier, context, next) => {
    const {parentURL} = context
    // Only what our own sources import, so that a package never meets another version of what it needs.
    if (parentURL?.endsWith('.ts')) {
      if (specifier.startsWith('.') && specifier.endsWith('.ts'))
        return {url: new URL(specifier, parentURL).href, format: 'module-typescript', shortCircuit: true}
      const url = packed?.[specifier]
      if (url !== undefined) return {url, format: 'module', shortCircuit: true}
    } else if (specifier.startsWith('./') && specifier.endsWith('.mjs'))
      return {url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true}
    return next(specifier, context)
  },
})
