package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random sends, some of them not for everybody, to followers who join, leave, break off, resume and read slowly at random. What each of them got must be what
 * a model says that knows nothing but the order of the log: {@link Places} holds that every {@code seq} came once and rising, this class that each came as it
 * should.
 *
 * <p>A failure names its seed; {@code -Dparley.seed=<seed>} runs that one again.
 */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class OracleTest {
    private static final int SENDS = 2500;
    private static final int FOLLOWERS = 6;
    private static final int[] RECEIVE_BUFFERS = {0, 0, 64 * 1024, 128 * 1024};

    @TestHTTPResource("/")
    URI root;

    private final long seed = Long.getLong("parley.seed", new Random().nextLong());
    private final String group = "long:oracle-" + UUID.randomUUID();
    private final String channel = "group/" + group;

    /** A message as its sender made it. */
    private record Sent(boolean echo, List<String> except, int filler) {
        int length(long seq) {
            return Long.toString(seq).length() + 1 + filler;
        }
    }

    @RepeatedTest(3)
    void everyFollowerGetsWhatTheModelSays() {
        Random random = new Random(seed);
        List<Sent> log = IntStream.range(0, SENDS).mapToObj(i -> sent(random)).toList();
        List<Follower> followers = IntStream.range(0, FOLLOWERS)
                .mapToObj(i -> new Follower("oracle-" + i, new Random(random.nextLong())))
                .toList();
        try (Person sender = Person.of(root, "oracle-0")) {
            sender.join(group);
            CompletableFuture<?>[] lives = followers.stream()
                    .map(follower -> CompletableFuture.runAsync(() -> follower.live(log)))
                    .toArray(CompletableFuture[]::new);
            sendAll(sender, log, random);
            CompletableFuture.allOf(lives).join();
            assertGot("oracle-0", true, sender.all(), 1, log);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("with -Dparley.seed=" + seed, failure);
        } finally {
            followers.forEach(Follower::close);
        }
    }

    private Sent sent(Random random) {
        List<String> except = random.nextInt(4) > 0
                ? List.of()
                : IntStream.range(1, FOLLOWERS)
                        .filter(i -> random.nextBoolean())
                        .mapToObj(i -> "oracle-" + i)
                        .toList();
        int size = random.nextInt(20) == 0 ? 20_000 : random.nextInt(300);
        return new Sent(random.nextInt(5) > 0, except, size);
    }

    private void sendAll(Person sender, List<Sent> log, Random random) {
        for (int next = 0; next < SENDS; ) {
            int many = Math.min(1 + random.nextInt(8), SENDS - next);
            JsonObject[] sends = new JsonObject[many];
            for (int i = 0; i < many; i++) {
                Sent sent = log.get(next + i);
                sends[i] = Say.send(Say.group(group), next + i + 1 + " " + "x".repeat(sent.filler()))
                        .put("echo", sent.echo())
                        .put("except", new JsonArray(sent.except()));
            }
            sender.say(sends);
            next += many;
            sender.catchUp(channel, next);
        }
    }

    /** One follower's life: a place, kept over connections, and all that was heard from it on. */
    private final class Follower implements AutoCloseable {
        private final String user;
        private final Random random;
        private Person person;
        private long checked;

        Follower(String user, Random random) {
            this.user = user;
            this.random = random;
            this.person = connect(Say.hello(TestToken.of(user)));
            person.join(group);
        }

        void live(List<Sent> log) {
            while (checked < SENDS) {
                switch (random.nextInt(8)) {
                    case 0 -> comeBack();
                    case 1 -> leaveAndJoin();
                    default -> person.catchUp(channel, Math.min(SENDS, place() + 1 + random.nextInt(400)));
                }
                assertGot(user, false, person.heard(), checked + 1, log);
                checked = place();
            }
        }

        private void comeBack() {
            JsonObject resume = person.places.resume();
            if (random.nextBoolean()) {
                person.socket.reset();
            } else {
                person.close();
            }
            person = connect(Say.hello(TestToken.of(user)).put("resume", resume));
            assertThat(person.welcome(channel).getBoolean("recovered")).isTrue();
        }

        private void leaveAndJoin() {
            person.accepted(Say.leave(group));
            Places.Place stood = person.places.of(channel);
            person.accepted(Say.join(group).put("since", Say.cursor(stood.epoch(), stood.seq())));
        }

        private long place() {
            return person.places.of(channel).seq();
        }

        private Person connect(JsonObject hello) {
            int buffer = RECEIVE_BUFFERS[random.nextInt(RECEIVE_BUFFERS.length)];
            return Person.with(RawSocket.open(root, buffer), hello);
        }

        @Override
        public void close() {
            person.close();
        }
    }

    /** Each place as it should come there: as the message itself, or within a skip. */
    private void assertGot(String user, boolean sending, List<JsonObject> heard, long from, List<Sent> log) {
        long seq = from;
        for (JsonObject frame : heard) {
            if (channel.equals(frame.getString("channel"))) {
                String type = frame.getString("type");
                long to = type.equals("skip") ? frame.getLong("to") : seq;
                for (; seq <= to; seq++) {
                    Sent sent = log.get((int) seq - 1);
                    boolean withheld = sending && !sent.echo() || sent.except().contains(user);
                    assertThat(type).as("%d to %s", seq, user).isEqualTo(withheld ? "skip" : "message");
                    if (!withheld) {
                        assertThat(frame.getString("data"))
                                .startsWith(seq + " ")
                                .hasSize(sent.length(seq));
                    }
                }
            }
        }
    }
}
