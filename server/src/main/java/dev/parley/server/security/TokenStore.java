package dev.parley.server.security;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where revocations and tickets are kept, for all instances that share it. Any thread; stages fail with {@code unavailable} when it is out of reach. */
public interface TokenStore {

    /** The life of a ticket. */
    Duration TICKET = Duration.ofSeconds(30);

    /**
     * What was revoked after some place.
     *
     * @param revocations in the order in which they were said, perhaps not all yet
     * @param upTo the place to ask from next
     */
    record Told(List<Revocation> revocations, String upTo) {}

    /**
     * Keeps a revocation, in the place of an earlier one of the same token or user.
     *
     * @param life how long tokens live, after which it is of no use
     */
    CompletionStage<Void> revoke(Revocation revocation, Duration life);

    /**
     * The revocations that may concern a token.
     *
     * @param tokenId its id, or null
     */
    CompletionStage<List<Revocation>> of(String user, String tokenId);

    /**
     * What has been revoked since.
     *
     * @param place as an earlier call gave it; null for what was revoked since this process began
     */
    CompletionStage<Told> since(String place);

    /**
     * Keeps a ticket for {@link #TICKET}.
     *
     * @param ticket a random text
     * @param token what it stands for
     */
    CompletionStage<Void> issue(String ticket, String token);

    /**
     * Takes a ticket, which is gone then, whoever else asks at the same time.
     *
     * @return what it stands for; null where there is no such ticket, or no longer
     */
    CompletionStage<String> redeem(String ticket);
}
