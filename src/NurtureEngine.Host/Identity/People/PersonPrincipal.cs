using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Pages.Frame;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>What a signed-in person's cookie says of them: who they are and what they may do.</summary>
internal sealed class PersonPrincipal(PersonAccessStore access) : IUserClaimsPrincipalFactory<Person>
{
    /// <summary>There while the password has to be changed.</summary>
    public const string MustChangeClaim = "must_change";

    /// <summary>The stamp under which the session is good.</summary>
    public const string StampClaim = "stamp";

    public async Task<ClaimsPrincipal> CreateAsync(Person user)
    {
        var roles = await access.RolesAsync(user.Id, CancellationToken.None);
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Name, user.UserName),
                // Read before the roles: where those change in between, the stamp is old and the session is over.
                new Claim(StampClaim, user.SecurityStamp),
                .. roles.Select(role => new Claim(ClaimTypes.Role, role)),
            ],
            IdentityConstants.ApplicationScheme
        );
        if ((await access.DetailsAsync(user.Id, CancellationToken.None))?.TimeZone is { } zone)
        {
            identity.AddClaim(new Claim(PersonTime.ZoneClaim, zone));
        }

        if (user.MustChange)
        {
            identity.AddClaim(new Claim(MustChangeClaim, "true"));
        }

        return new ClaimsPrincipal(identity);
    }
}
