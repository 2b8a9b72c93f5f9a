using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Keeps what a cookie stands for in the database, so that any host knows it and ending a session ends it everywhere at once.</summary>
internal sealed class SessionTickets(
    SessionStore sessions,
    IDataProtectionProvider protection,
    IHttpContextAccessor http,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITicketStore
{
    /// <summary>How long a session lasts after it was last used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The property of a ticket that says how its owner signed in, where not by a password.</summary>
    public const string Way = "way";

    private const int LongestAgent = 200;

    /// <summary>The claim that holds the hash of the session, in hex.</summary>
    public const string SessionClaim = "session";

    private readonly IDataProtector _protector = protection.CreateProtector("session");

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = HashOf(key);
        Name(ticket, hash);
        var agent = http.HttpContext?.Request.Headers.UserAgent.ToString() ?? "";
        await sessions.AddAsync(
            hash,
            PersonOf(ticket.Principal),
            Write(ticket),
            StampOf(ticket),
            new string([.. agent.Where(c => c is >= ' ' and <= '~').Take(LongestAgent)]),
            UntilOf(ticket),
            AuditEntry.OfPerson(
                business.GetUtcNow(),
                ticket.Principal.FindFirstValue(ClaimTypes.Name)!,
                "person.signed_in",
                PersonOf(ticket.Principal),
                after: ticket.Properties.Items.TryGetValue(Way, out var way) ? new { way } : null
            ),
            CancellationToken.None
        );
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        var hash = HashOf(key);
        Name(ticket, hash);
        return sessions.RenewAsync(
            hash,
            PersonOf(ticket.Principal),
            Write(ticket),
            StampOf(ticket),
            UntilOf(ticket),
            CancellationToken.None
        );
    }

    // Whoever signs in gets a session of their own, never the one that a cookie brings along: somebody else may know that.
    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        http.HttpContext?.Request.Path.StartsWithSegments(
            PeopleRegistration.SignInPath,
            StringComparison.OrdinalIgnoreCase
        ) == true
            ? null
        : await sessions.FindAsync(HashOf(key), CancellationToken.None) is { } stored ? Read(stored)
        : null;

    public Task RemoveAsync(string key) => sessions.EndAsync(HashOf(key), CancellationToken.None);

    /// <summary>The id of a signed-in person.</summary>
    public static long PersonOf(ClaimsPrincipal principal) =>
        long.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>By what the session of a signed-in person is kept.</summary>
    public static byte[] SessionOf(ClaimsPrincipal principal) =>
        Convert.FromHexString(principal.FindFirstValue(SessionClaim) ?? "");

    // Whoever is signed in anew within a session gets a new ticket, which does not know the session yet.
    private static void Name(AuthenticationTicket ticket, byte[] hash)
    {
        if (!ticket.Principal.HasClaim(claim => claim.Type == SessionClaim))
        {
            ((ClaimsIdentity)ticket.Principal.Identity!).AddClaim(
                new Claim(SessionClaim, Convert.ToHexStringLower(hash))
            );
        }
    }

    private static string StampOf(AuthenticationTicket ticket) =>
        ticket.Principal.FindFirstValue(PersonPrincipal.StampClaim) ?? "";

    private DateTimeOffset UntilOf(AuthenticationTicket ticket) =>
        ticket.Properties.ExpiresUtc ?? machineTime.GetUtcNow() + Lifetime;

    private byte[] Write(AuthenticationTicket ticket) => _protector.Protect(TicketSerializer.Default.Serialize(ticket));

    // One that was encrypted by keys that are gone is no session any more.
    private AuthenticationTicket? Read(byte[] stored)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.Unprotect(stored));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
