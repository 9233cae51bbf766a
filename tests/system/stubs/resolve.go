// Go's resolver, with arguments and lines as in c_library.c. GODEBUG=netdns=go keeps it from asking the C library.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func lookUp(kind, name string) ([]string, error) {
	var values []string
	if kind == "SRV" {
		_, found, err := net.DefaultResolver.LookupSRV(context.Background(), "", "", name)
		for _, each := range found {
			values = append(values, fmt.Sprintf("%s:%d", each.Target, each.Port))
		}
		return values, err
	}
	family := map[string]string{"A": "ip4", "AAAA": "ip6", "ANY": "ip"}[kind]
	found, err := net.DefaultResolver.LookupIP(context.Background(), family, name)
	for _, each := range found {
		values = append(values, each.String())
	}
	return values, err
}

func main() {
	for _, word := range os.Args[1:] {
		kind, name, _ := strings.Cut(word, ":")
		began := time.Now()
		values, err := lookUp(kind, name)
		took := time.Since(began).Milliseconds()
		var refused *net.DNSError
		switch {
		case errors.As(err, &refused) && refused.IsNotFound && !refused.IsTemporary:
			fmt.Println(took, "none")
		case err != nil:
			fmt.Println(took, "failed", err)
		default:
			fmt.Println(took, "found", strings.Join(values, " "))
		}
	}
}
