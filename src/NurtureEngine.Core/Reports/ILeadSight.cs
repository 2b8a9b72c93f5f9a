using System.Security.Claims;

namespace NurtureEngine.Core.Reports;

/// <summary>Returns which leads a person or key may see. It is asked for each request, so that changes apply immediately.</summary>
public interface ILeadSight
{
    /// <summary>The reach of a signed-in person or an API key.</summary>
    Task<LeadReach> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
