package dev.parley.server.security;

/**
 * Tokens that are good no more.
 *
 * @param user whose
 * @param tokenId the id of the one token it is about; null for all that the user had
 * @param at when it was said, milliseconds since 1970
 */
public record Revocation(String user, String tokenId, long at) {

    /**
     * Whether it is about the token of an identity. A token that does not say when it was made counts as made before, and one made in the same second may have
     * been, since tokens count in seconds.
     */
    public boolean concerns(Identity who) {
        if (!who.user().equals(user)) {
            return false;
        }
        return tokenId == null ? who.issued() == null || who.issued() < at : tokenId.equals(who.tokenId());
    }
}
