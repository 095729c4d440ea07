/** What {@code k8s/} renders to, held against the service: what must hold is said explicitly, as model classes let most mistakes pass. */
@NullMarked
package dev.resound.k8s;

import org.jspecify.annotations.NullMarked;
