//go:build !linux

package httpapi

import "net"

type cork struct{}

func corkOf(net.Conn) *cork { return nil }

func (*cork) push() {}

func (*cork) pull() {}
