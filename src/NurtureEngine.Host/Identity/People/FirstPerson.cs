using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Makes the first administrator, with a password that is good until they choose their own.</summary>
internal sealed class FirstPerson(
    PersonStore people,
    IPasswordHasher<Person> hasher,
    ILookupNormalizer normalizer,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    /// <summary>The user name of the first administrator.</summary>
    public const string UserName = "admin";

    /// <summary>The password, for the caller to show at once; null where there is somebody already.</summary>
    public async Task<string?> MakeAsync(CancellationToken cancellationToken)
    {
        var password = OneTimePassword.New();
        var person = new Person
        {
            UserName = UserName,
            UserNameKey = normalizer.NormalizeName(UserName),
            MustChange = true,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            Entry = new AuditEntry
            {
                At = business.GetUtcNow(),
                Actor = "first start",
                Act = "person.added",
            },
        };
        person.PasswordHash = hasher.HashPassword(person, password);
        return await people.AddFirstAsync(person, Roles.Administrator, business.GetUtcNow(), cancellationToken)
            ? password
            : null;
    }
}
