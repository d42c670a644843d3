package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final byte[] ENVELOPE = "{\"data\":\"line\\n -u=bob\"}".getBytes(StandardCharsets.UTF_8);

    static List<Stored> headers() {
        return List.of(
                Stored.PLAIN,
                new Stored("n7.12", List.of(), null),
                new Stored(null, List.of("ada", "b.o_b:c@d-e"), null),
                new Stored(
                        "n7.12",
                        List.of("ada"),
                        new Membership("chat:a.b_c:d~e@f-g", MembershipState.ADDED, Role.OWNER, new Cursor("k3", 42))),
                new Stored(
                        null,
                        List.of(),
                        new Membership("dm:ada~bob", MembershipState.REMOVED, null, new Cursor("k3", 1))),
                new Stored(
                        null,
                        List.of(),
                        new Membership("chat:x", MembershipState.ROLE, Role.MODERATOR, new Cursor("k", 2))),
                Stored.of(new Membership("chat:x", MembershipState.ADDED, Role.MEMBER, new Cursor("k", 2)), "1a2b"),
                Stored.lastFor("b.o_b:c@d-e", "1a2b"),
                Stored.PLAIN.tracedBy(TRACE),
                Stored.PLAIN.tracedBy(TRACE + ",rojo=\ttwo\twords,congo=t61rcWkgMzE"),
                new Stored("n7.12", List.of("ada"), null).tracedBy(TRACE));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void headerAndEnvelopeComeBackAsTheyWere(Stored stored) {
        byte[] entry = stored.encode(ENVELOPE);

        assertThat(Stored.headerOf(entry)).isEqualTo(stored);
        assertThat(Arrays.copyOfRange(entry, Stored.envelopeAt(entry), entry.length))
                .isEqualTo(ENVELOPE);
    }

    @Test
    void anEntryForEverybodyCostsOneByteAndNoObject() {
        byte[] entry = Stored.PLAIN.encode(ENVELOPE);

        assertThat(entry).hasSize(ENVELOPE.length + 1);
        assertThat(Stored.headerOf(entry)).isSameAs(Stored.PLAIN);
        assertThat(Stored.PLAIN.forEverybody()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"m=renamed,owner,k,1,chat:x", "m=added,herald,k,1,chat:x", "y=7"})
    void whatALaterVersionWritesIsIgnored(String header) {
        byte[] entry = (header + " -u=ada\n{}").getBytes(StandardCharsets.UTF_8);

        assertThat(Stored.headerOf(entry)).isEqualTo(new Stored(null, List.of("ada"), null));
    }

    @Test
    void thatAMessageIsTracedConcernsNoFollower() {
        assertThat(Stored.PLAIN.tracedBy(TRACE).concernsFollowers()).isFalse();
        assertThat(Stored.PLAIN.tracedBy(TRACE).mayGet("n7.12", "ada")).isTrue();
        assertThat(headers().stream().filter(Stored::concernsFollowers))
                .hasSize(headers().size() - 3);
    }

    @Test
    void whoIsNamedDoesNotGetIt() {
        Stored stored = new Stored("n7.12", List.of("ada"), null);

        assertThat(stored.forEverybody()).isFalse();
        assertThat(stored.mayGet("n7.12", "bob")).isFalse();
        assertThat(stored.mayGet("n7.1", "ada")).isFalse();
        assertThat(stored.mayGet("n7.1", "bob")).isTrue();
    }

    /** During a deploy, instances of two versions read the same log. */
    @Test
    void whatANewerVersionWroteIsPassedOver() {
        byte[] entry = "-x=1 -u=ada zz -c=n7.12\n{}".getBytes(StandardCharsets.UTF_8);

        assertThat(Stored.headerOf(entry)).isEqualTo(new Stored("n7.12", List.of("ada"), null));
    }
}
