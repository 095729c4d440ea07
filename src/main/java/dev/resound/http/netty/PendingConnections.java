package dev.resound.http.netty;

import dev.resound.ip.IpNetwork;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Limits the connections of one event loop that have no WebSocket: they wait for a PROXY header, a TLS handshake, a
 * request or its response. Above the limit, it closes the oldest connection of the client with the highest count, so
 * that one client cannot displace others. A connection counts once for itself and once for each HTTP/2 stream.
 *
 * <p>Call it only on the event loop.
 */
final class PendingConnections {

    /** A pending connection. */
    interface Pending {
        /** Closes the connection now, because its place is needed. */
        void expireEarly();
    }

    private static final class Client {
        private final IpNetwork address;
        private final Map<Pending, Integer> pending = new LinkedHashMap<>();
        private int weight;

        Client(IpNetwork address) {
            this.address = address;
        }
    }

    private final IntSupplier places;
    private final Map<IpNetwork, Client> clients = new LinkedHashMap<>();
    private final Map<Pending, Client> clientOf = new LinkedHashMap<>();
    /** Clients by weight, to find the heaviest one without a search. */
    private final TreeMap<Integer, Set<Client>> byWeight = new TreeMap<>();

    private int weight;

    /** @param places the current limit */
    PendingConnections(IntSupplier places) {
        this.places = places;
    }

    /**
     * Adds a connection, or makes it the youngest one again.
     *
     * @param address the client's address
     * @param objects the weight of the connection: itself, unless it has a WebSocket, and its pending streams
     */
    void enter(Pending connection, IpNetwork address, int objects) {
        leave(connection);
        Client client = clients.computeIfAbsent(address, Client::new);
        client.pending.put(connection, objects);
        clientOf.put(connection, client);
        grow(client, objects);
        trim();
    }

    /** Removes a connection that has closed or become a WebSocket. */
    void leave(Pending connection) {
        Client client = clientOf.remove(connection);
        if (client != null) {
            int objects = Optional.ofNullable(client.pending.remove(connection)).orElse(0);
            grow(client, -objects);
            if (client.pending.isEmpty()) {
                clients.remove(client.address);
            }
        }
    }

    /** Closes connections until the current limit holds. */
    void trim() {
        while (weight > places.getAsInt() && !byWeight.isEmpty()) {
            Client heaviest = byWeight.lastEntry().getValue().iterator().next();
            Iterator<Pending> eldest = heaviest.pending.keySet().iterator();
            Pending expired = eldest.next();
            leave(expired);
            expired.expireEarly();
        }
    }

    private void grow(Client client, int objects) {
        Set<Client> before = byWeight.get(client.weight);
        if (before != null && before.remove(client) && before.isEmpty()) {
            byWeight.remove(client.weight);
        }
        client.weight += objects;
        weight += objects;
        if (client.weight > 0) {
            byWeight.computeIfAbsent(client.weight, equal -> new LinkedHashSet<>())
                    .add(client);
        }
    }

    /** The number of pending connections and streams. */
    int size() {
        return weight;
    }
}
