package engine

import (
	"context"
	"sync"
)

// memory remembers what never changes, up to a bound; beyond it, it forgets
// anything, because everything can be read again.
type memory[K comparable, V any] struct {
	mu  sync.RWMutex
	max int
	all map[K]V
}

func remember[K comparable, V any](most int) *memory[K, V] {
	return &memory[K, V]{max: most, all: map[K]V{}}
}

func (m *memory[K, V]) get(ctx context.Context, k K, read func(context.Context, K) (V, error)) (V, error) {
	m.mu.RLock()
	v, ok := m.all[k]
	m.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := read(ctx, k)
	if err == nil {
		m.put(k, v)
	}
	return v, err
}

func (m *memory[K, V]) put(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.all) >= m.max {
		for old := range m.all {
			delete(m.all, old)
			break
		}
	}
	m.all[k] = v
}
