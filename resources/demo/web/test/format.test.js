import assert from 'node:assert/strict'
import test from 'node:test'

import { byUrgency, daysBetween, describe, urgency } from '../format.js'

const today = '2026-03-01'

test('counts days in both directions', () => {
  assert.equal(daysBetween('2026-02-27', today), 2)
  assert.equal(daysBetween(today, '2026-02-27'), -2)
})

test('tells how urgent an item is', () => {
  assert.equal(urgency({ best_before: '2026-03-03' }, today), 'soon')
  assert.equal(urgency({ best_before: '2026-02-03' }, today), 'gone')
  assert.equal(urgency({}, today), 'keeps')
})

test('what runs out first comes first', () => {
  const items = [{ name: 'Rice' }, { name: 'Milk', best_before: '2026-03-02' }]
  assert.deepEqual(byUrgency(items).map(i => i.name), ['Milk', 'Rice'])
})

test('describes an item for people', () => {
  assert.equal(describe({ name: 'Milk', amount: '1 l', best_before: '2026-03-02' }, today), 'Milk, 1 l, 1 day left')
})
