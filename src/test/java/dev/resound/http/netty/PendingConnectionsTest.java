package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.ip.IpAddress;
import dev.resound.ip.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingConnectionsTest {

    private int places = 3;
    private final PendingConnections pending = new PendingConnections(() -> places);
    private final List<String> expired = new ArrayList<>();

    /** A connection that only notes that it was ended. */
    private PendingConnections.Pending enter(String name, Object client, int objects) {
        PendingConnections.Pending connection = () -> expired.add(name);
        pending.enter(connection, address(client), objects);
        return connection;
    }

    /** One for each name. */
    private static IpNetwork address(Object client) {
        return new IpAddress(0, client.hashCode()).key(128);
    }

    private PendingConnections.Pending enter(String name, Object client) {
        return enter(name, client, 1);
    }

    @Test
    void nothing_ends_while_there_is_room() {
        enter("a1", "a");
        enter("a2", "a");
        enter("b1", "b");
        assertThat(expired).isEmpty();
        assertThat(pending.size()).isEqualTo(3);
    }

    @Test
    void the_eldest_of_the_client_that_has_the_most_ends_and_not_the_eldest_of_all() {
        enter("b1", "b");
        enter("a1", "a");
        enter("a2", "a");
        enter("a3", "a");
        enter("a4", "a");
        assertThat(expired).containsExactly("a1", "a2");
        assertThat(pending.size()).isEqualTo(3);
    }

    @Test
    void a_client_with_many_connections_never_ends_those_of_one_with_few() {
        places = 100;
        for (int i = 0; i < 10; i++) {
            enter("victim" + i, "victim");
        }
        for (int i = 0; i < 10_000; i++) {
            enter("flood" + i, "flood");
        }
        assertThat(expired).hasSize(9910).allMatch(name -> name.startsWith("flood"));
    }

    @Test
    void many_clients_with_one_connection_each_end_the_client_that_has_two_first() {
        enter("a1", "a");
        enter("b1", "b");
        enter("a2", "a");
        enter("c1", "c");
        assertThat(expired).containsExactly("a1");
        enter("d1", "d");
        assertThat(expired).hasSize(2);
    }

    @Test
    void a_connection_counts_for_its_streams_too() {
        places = 10;
        enter("a1", "a", 6);
        enter("b1", "b");
        enter("b2", "b");
        enter("b3", "b");
        assertThat(pending.size()).isEqualTo(9);
        enter("b4", "b", 2);
        // Six objects outweigh five, though b has more connections.
        assertThat(expired).containsExactly("a1");
        assertThat(pending.size()).isEqualTo(5);
    }

    @Test
    void one_that_leaves_gives_its_place_back() {
        enter("a1", "a");
        PendingConnections.Pending second = enter("a2", "a");
        enter("a3", "a");
        pending.leave(second);
        assertThat(pending.size()).isEqualTo(2);
        enter("a4", "a");
        assertThat(expired).isEmpty();
    }

    @Test
    void to_leave_twice_or_without_having_entered_changes_nothing() {
        PendingConnections.Pending first = enter("a1", "a");
        pending.leave(first);
        pending.leave(first);
        pending.leave(() -> {});
        assertThat(pending.size()).isZero();
    }

    @Test
    void one_that_enters_again_counts_once_and_is_the_youngest() {
        PendingConnections.Pending first = enter("a1", "a");
        enter("a2", "a");
        enter("a3", "a");
        pending.enter(first, address("a"), 1);
        assertThat(pending.size()).isEqualTo(3);
        enter("a4", "a");
        assertThat(expired).containsExactly("a2");
    }

    @Test
    void one_that_enters_again_may_weigh_more_or_belong_to_another_client() {
        places = 4;
        PendingConnections.Pending proxied = enter("a1", "proxy");
        enter("a2", "proxy");
        enter("a3", "proxy");
        pending.enter(proxied, address("client"), 2);
        assertThat(pending.size()).isEqualTo(4);
        enter("b1", "b");
        // Of the two clients with two objects each, the proxy has them for longer.
        assertThat(expired).containsExactly("a2");
    }

    @Test
    void fewer_places_end_connections_when_it_is_trimmed() {
        enter("a1", "a");
        enter("a2", "a");
        enter("a3", "a");
        places = 1;
        assertThat(expired).isEmpty();
        pending.trim();
        assertThat(expired).containsExactly("a1", "a2");
        places = 0;
        pending.trim();
        assertThat(expired).containsExactly("a1", "a2", "a3");
        assertThat(pending.size()).isZero();
    }

    @Test
    void a_connection_that_leaves_once_more_as_it_ends_is_counted_once() {
        places = 1;
        var ending = new PendingConnections.Pending[1];
        ending[0] = () -> pending.leave(ending[0]);
        pending.enter(ending[0], address("a"), 1);
        enter("a2", "a");
        assertThat(pending.size()).isEqualTo(1);
    }

    @Test
    void whatever_happens_the_size_is_the_sum_of_those_that_wait_and_never_above_the_places() {
        var random = new Random(1);
        places = 50;
        List<PendingConnections.Pending> known = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (known.isEmpty() || random.nextInt(3) > 0) {
                known.add(enter("x", random.nextInt(7), random.nextInt(4)));
            } else if (random.nextBoolean()) {
                pending.leave(known.remove(random.nextInt(known.size())));
            } else {
                pending.enter(
                        known.get(random.nextInt(known.size())), address(random.nextInt(7)), 1 + random.nextInt(3));
            }
            assertThat(pending.size()).isBetween(0, places);
        }
        known.forEach(pending::leave);
        assertThat(pending.size()).isZero();
    }
}
