// A store whose changes ask first whether this run may still change the environment.
import type {Store} from './store.ts'

/** `assertLease` throws when another run may be at work. Every method that sets or clears something asks it. */
export function guardedStore(store: Store, assertLease: () => void): Store {
  const guarded = Object.entries(store).map(([name, method]) => {
    if (!/^(set|clear)/.test(name)) return [name, method]
    return [
      name,
      (...words: unknown[]) => {
        assertLease()
        return Reflect.apply(method, store, words)
      },
    ]
  })
  return Object.fromEntries(guarded) as Store
}
