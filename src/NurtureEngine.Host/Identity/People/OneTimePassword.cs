using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>A password that somebody else has seen, so that its owner has to choose another one first.</summary>
internal static class OneTimePassword
{
    /// <summary>One that is as hard to guess as a key.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));

    /// <summary>
    /// Gives a person a one-time password, unlocks them and, by a new stamp, ends their sessions. Null where somebody else has changed them at the same
    /// moment.
    /// </summary>
    public static async Task<string?> GiveAsync(
        Person person,
        PersonStore people,
        SignInAttempts attempts,
        IPasswordHasher<Person> hasher,
        AuditEntry entry,
        CancellationToken cancellationToken
    )
    {
        var password = New();
        (person.MustChange, person.SecurityStamp, person.Entry) = (true, $"{Guid.NewGuid():N}", entry);
        person.PasswordHash = hasher.HashPassword(person, password);
        if (!await people.UpdateAsync(person, cancellationToken))
        {
            return null;
        }

        await attempts.UnlockAsync(person.Id, cancellationToken);
        return password;
    }
}
