using System.Globalization;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>Reads an amount with its currency: <c>{"amount": 12.5, "currency": "EUR"}</c>.</summary>
internal static class MoneyShape
{
    /// <summary>The amount and its currency, such as <c>12.5 EUR</c>; null where there is none.</summary>
    public static string? Read(JsonShape? shape, string name)
    {
        if (shape?.Object(name) is not { } money)
        {
            return null;
        }

        var amount = money.Decimal("amount");
        if (amount is null or < 0)
        {
            money.Fault("amount", "is missing or negative; expected a number from 0.");
        }

        var currency = money.Text("currency")?.Trim().ToUpperInvariant();
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
        {
            money.Fault("currency", "is missing or none; expected three letters (ISO 4217), such as EUR.");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount} {currency}");
    }
}
