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
	all map[K]*V
}

func remember[K comparable, V any](most int) *memory[K, V] {
	return &memory[K, V]{max: most, all: map[K]*V{}}
}

func (m *memory[K, V]) get(ctx context.Context, k K, read func(context.Context, K) (V, error)) (V, error) {
	v, err := m.look(ctx, k, read)
	if err != nil {
		var none V
		return none, err
	}
	return *v, nil
}

// look is get for those who only look at it.
func (m *memory[K, V]) look(ctx context.Context, k K, read func(context.Context, K) (V, error)) (*V, error) {
	m.mu.RLock()
	v := m.all[k]
	m.mu.RUnlock()
	if v != nil {
		return v, nil
	}
	fresh, err := read(ctx, k)
	if err != nil {
		return nil, err
	}
	m.put(k, fresh)
	return &fresh, nil
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
	m.all[k] = &v
}
