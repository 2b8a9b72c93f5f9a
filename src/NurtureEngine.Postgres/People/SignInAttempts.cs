using Npgsql;

namespace NurtureEngine.Postgres.People;

/// <summary>Counts failed attempts to sign in, and locks accounts. Times are the database's.</summary>
public sealed class SignInAttempts(NpgsqlDataSource database)
{
    // Counted before the password is looked at, so that attempts side by side count as many. The last one that is allowed locks the account, unless it
    // is right.
    private const string AttemptSql = """
        UPDATE person
           SET failures = CASE WHEN failures + 1 >= @MostFailures THEN 0 ELSE failures + 1 END,
               locked_until = CASE WHEN failures + 1 >= @MostFailures THEN clock_timestamp() + @LockedFor END
         WHERE id = @id AND (locked_until IS NULL OR locked_until <= clock_timestamp())
        """;

    // If the correct password was the attempt that locked the account, one attempt is left for the code.
    private const string GiveBackSql = """
        UPDATE person SET failures = @MostFailures - 1, locked_until = NULL WHERE id = @id AND failures = 0 AND locked_until > clock_timestamp()
        """;

    private const string UnlockSql = "UPDATE person SET failures = 0, locked_until = NULL WHERE id = @id";

    /// <summary>How many wrong passwords in a row lock an account.</summary>
    public const int MostFailures = 5;

    /// <summary>For how long an account is locked.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    /// <summary>Takes one of the attempts that a person has; false where the account is locked.</summary>
    public async Task<bool> TakeAsync(long id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            AttemptSql,
            new
            {
                id,
                MostFailures,
                LockedFor,
            },
            cancellationToken
        ) == 1;

    /// <summary>Returns one attempt if the correct password has just locked the account.</summary>
    public Task GiveBackAsync(long id, CancellationToken cancellationToken) =>
        database.ExecuteAsync(GiveBackSql, new { id, MostFailures }, cancellationToken);

    /// <summary>Forgets wrong attempts.</summary>
    public Task UnlockAsync(long id, CancellationToken cancellationToken) =>
        database.ExecuteAsync(UnlockSql, new { id }, cancellationToken);
}
