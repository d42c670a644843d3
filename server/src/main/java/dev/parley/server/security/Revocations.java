package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes tokens back. Asked by whoever verifies a token, on any thread; nothing here waits.
 *
 * <p>A revocation is kept for as long as the tokens that it is about can live, and looked up with each token that comes. Connections that are open already are
 * closed by {@link RevocationNews}.
 */
@Singleton
public final class Revocations {
    private final TokenStore store;
    private final RevocationNews news;
    private final Duration life;

    @Inject
    Revocations(TokenStore store, RevocationNews news, ParleyConfig config) {
        this.store = store;
        this.news = news;
        this.life = Claims.longestLife(config).plus(config.tokens().leeway());
    }

    /**
     * Takes a token, or all tokens that a user has, back from now on. Connections that came by them are closed: at once on the instances that can be reached,
     * and on others when they reach the store again.
     *
     * @param tokenId the claim {@code jti} of the one token; null for all that were made before now
     * @return done; fails with {@code unavailable} when it could not be kept, or it is not known whether it was
     */
    public CompletionStage<Void> revoke(String user, String tokenId) {
        Revocation revocation = new Revocation(user, tokenId, System.currentTimeMillis());
        return store.revoke(revocation, life).thenCompose(kept -> news.tell(revocation));
    }

    /**
     * Lets an identity pass unless its token was revoked.
     *
     * @return the identity; fails with {@code unauthenticated} when it was, and with {@code unavailable} when that cannot be found out
     */
    public CompletionStage<Identity> pass(Identity who) {
        return store.of(who.user(), who.tokenId()).thenCompose(found -> {
            for (Revocation revocation : found) {
                if (revocation.concerns(who)) {
                    return CompletableFuture.failedStage(
                            new ProtocolException(ErrorCode.UNAUTHENTICATED, "the token was revoked"));
                }
            }
            return CompletableFuture.completedStage(who);
        });
    }
}
