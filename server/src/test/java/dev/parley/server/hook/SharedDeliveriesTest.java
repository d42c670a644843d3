package dev.parley.server.hook;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.hook.redis.RedisEvents;
import dev.parley.server.testing.RedisAccess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that wait in a real Redis, and instances that take turns in telling them to a service over real HTTP. */
class SharedDeliveriesTest {
    private static final int MOST = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    private final String webhook = "audit-" + UUID.randomUUID();
    private final Receiver receiver = new Receiver(0, call -> Receiver.Answer.OK);
    private final HookCounters counters = new HookCounters();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void oneOfSeveralInstancesTellsEachEventOnceAndInOrder() {
        List<SharedDeliveries> instances = List.of(instance("n1"), instance("n2"), instance("n3"));
        IntStream.range(0, 200).forEach(i -> get(instances.get(i % 3).tell(event("lane", i))));

        await().atMost(PATIENCE).until(() -> counters.delivered.sum() == 200);
        assertThat(numbers()).isEqualTo(IntStream.range(0, 200).boxed().toList());
        await().until(() -> get(store().after(EventStore.BEGIN, 1)).isEmpty());
        await().until(() -> instances.stream().allMatch(each -> each.waiting() == 0));
    }

    @Test
    void whatWasNotTakenIsToldByWhoeverHasTheRightNext() {
        receiver.answer(call -> new Receiver.Answer(503, ""));
        SharedDeliveries first = instance("n1");
        get(first.tell(event("lane", 0)));
        get(first.tell(event("lane", 1)));
        await().atMost(PATIENCE).until(() -> receiver.calls().size() > 0);
        first.stop();
        first.release();

        receiver.answer(call -> Receiver.Answer.OK);
        SharedDeliveries second = instance("n2");
        get(second.tell(event("lane", 2)));

        await().atMost(PATIENCE)
                .until(() -> get(store().after(EventStore.BEGIN, 1)).isEmpty());
        assertThat(numbers()).contains(0, 1, 2);
        assertThat(numbers().lastIndexOf(2)).isGreaterThan(numbers().indexOf(1));
    }

    @Test
    void noMoreWaitThanMay() {
        EventStore store = new RedisEvents(REDIS.link(), webhook, 3);
        List<Boolean> kept = IntStream.range(0, 5)
                .mapToObj(i -> store.keep(event("lane", i)).toCompletableFuture())
                .map(CompletableFuture::join)
                .toList();

        assertThat(kept).containsExactly(true, true, true, false, false);
        get(store.strike(List.of(get(store.after(EventStore.BEGIN, 1)).get(0).place())));
        assertThat(get(store.keep(event("lane", 5)))).isTrue();
    }

    @Test
    void whatIsKeptIsGivenBackToTheLetter() {
        CloudEvent event =
                CloudEvent.of("test", "n1", "k", "group/x", json -> json.writeStringField("text", "é\n😀\u2028"));
        get(store().keep(event));

        CloudEvent kept = get(store().after(EventStore.BEGIN, 10)).get(0).event();
        assertThat(kept.id()).isEqualTo(event.id());
        assertThat(kept.lane()).isEqualTo("group/x");
        assertThat(kept.body()).isEqualTo(event.body());
    }

    @Test
    void theRightBelongsToOneUntilItIsGivenAwayOrRunsOut() {
        EventStore store = store();
        assertThat(get(store.hold("n1", Duration.ofMinutes(1)))).isZero();
        get(store.keep(event("lane", 0)));

        assertThat(get(store.hold("n2", Duration.ofMinutes(1)))).isEqualTo(-1);
        get(store.release("n2"));
        assertThat(get(store.hold("n1", Duration.ofMillis(50)))).isEqualTo(1);
        await().until(() -> get(store.hold("n2", Duration.ofMinutes(1))) == 1);
        assertThat(get(store.hold("n1", Duration.ofMinutes(1)))).isEqualTo(-1);
        get(store.release("n2"));
        assertThat(get(store.hold("n1", Duration.ofMinutes(1)))).isEqualTo(1);
    }

    private List<Integer> numbers() {
        return receiver.calls().stream()
                .map(call -> call.data().getInteger("number"))
                .toList();
    }

    private EventStore store() {
        return new RedisEvents(REDIS.link(), webhook, MOST);
    }

    private SharedDeliveries instance(String node) {
        Signature signature = Signature.of(List.of(Receiver.SECRET)).orElseThrow();
        Endpoint endpoint = new Endpoint(URI.create(receiver.url()), signature, Duration.ofSeconds(10));
        Deliveries deliveries = new Deliveries(webhook, endpoint, Integer.MAX_VALUE, 20, 20, counters);
        EventStore store = new RedisEvents(REDIS.newLink(), webhook, MOST);
        return new SharedDeliveries(webhook, node, store, deliveries, counters).start(REDIS.vertx());
    }

    private static CloudEvent event(String lane, int number) {
        return CloudEvent.of("test", "n1", lane + number, lane, json -> json.writeNumberField("number", number));
    }
}
