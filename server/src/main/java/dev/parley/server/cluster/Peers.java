package dev.parley.server.cluster;

import dev.parley.server.cluster.redis.NodeBells;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * Questions and answers between nodes over their bells: {@code q <id> <from> <what> <about>} or {@code r <id>} on a line of its own, then the payload. Used
 * by {@link Cluster} on any thread; questions of others are answered on the Redis link's loop.
 */
final class Peers {
    private static final Logger LOG = Logger.getLogger(Peers.class);
    private static final String QUESTION = "q";
    private static final String REPLY = "r";

    private final String self;
    private final NodeBells bells;
    private final AtomicLong count = new AtomicLong();
    private final Map<Long, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

    /**
     * What is asked.
     *
     * @param what the kind of question, without a space
     * @param about whom, without a space
     * @param payload more of it
     */
    record Question(String what, String about, byte[] payload) {}

    /**
     * Begins to answer.
     *
     * @param self this node
     * @param answers gives the answer to a question, or null for one it does not know; must not block, and a failure is no answer
     */
    Peers(String self, NodeBells bells, BiFunction<String, Question, CompletionStage<String>> answers) {
        this.self = self;
        this.bells = bells;
        bells.listen(self, message -> heard(message, answers));
    }

    /**
     * Asks a node.
     *
     * @param patience for the answer
     * @return its answer; fails with {@link java.util.concurrent.TimeoutException} when there is none, and with {@code unavailable} when the question could
     *     not be put
     */
    CompletionStage<String> ask(String node, Question question, Duration patience) {
        long id = count.incrementAndGet();
        CompletableFuture<String> answer =
                new CompletableFuture<String>().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        asked.put(id, answer);
        answer.whenComplete((said, failure) -> asked.remove(id));
        String head = String.join(" ", QUESTION, Long.toString(id), self, question.what(), question.about());
        bells.ring(node, message(head, question.payload())).exceptionally(failure -> {
            answer.completeExceptionally(failure);
            return null;
        });
        return answer;
    }

    private void heard(byte[] message, BiFunction<String, Question, CompletionStage<String>> answers) {
        int end = 0;
        while (end < message.length && message[end] != '\n') {
            end++;
        }
        String[] head = new String(message, 0, end, StandardCharsets.US_ASCII).split(" ");
        byte[] payload = Arrays.copyOfRange(message, Math.min(end + 1, message.length), message.length);
        if (head[0].equals(QUESTION) && head.length == 5) {
            answers.apply(head[2], new Question(head[3], head[4], payload)).thenAccept(said -> {
                if (said != null) {
                    reply(head[2], head[1], said);
                }
            });
        } else if (head[0].equals(REPLY) && head.length == 2) {
            CompletableFuture<String> answer = asked.get(Long.parseLong(head[1]));
            if (answer != null) {
                answer.complete(new String(payload, StandardCharsets.US_ASCII));
            }
        }
    }

    private void reply(String to, String id, String said) {
        bells.ring(to, message(REPLY + " " + id, said.getBytes(StandardCharsets.US_ASCII)))
                .exceptionally(failure -> {
                    LOG.debugf("An answer to node %s is lost; it will time out there", to);
                    return null;
                });
    }

    private static byte[] message(String head, byte[] payload) {
        byte[] line = (head + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(line, line.length + payload.length);
        System.arraycopy(payload, 0, message, line.length, payload.length);
        return message;
    }
}
