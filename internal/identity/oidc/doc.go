// Package oidc lets people sign in with their organisation's OpenID Connect
// provider. It holds the rules: what a provider's settings may be, how an
// answer is tied to the browser that asked, whom a provider may vouch for and
// what membership it brings. It speaks no HTTP: oidcclient talks to providers,
// identitydb keeps settings, flows and links.
//
// What a provider can do to an account is bounded thus: it signs in who was
// linked to it, by themselves while signed in, or by an address that both the
// provider and we have seen proved and that lies in a domain which a
// department above the organisation has confirmed. It never makes an officer
// or manager, and it stops signing a person in when that person's role in the
// organisation has ended.
package oidc
