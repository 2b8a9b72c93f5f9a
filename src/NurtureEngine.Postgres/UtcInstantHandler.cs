using System.Data;
using Dapper;

namespace NurtureEngine.Postgres;

/// <summary>Instants are UTC on both sides; the driver hands them over as <see cref="DateTime"/>s of kind UTC.</summary>
internal sealed class UtcInstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
{
    public override DateTimeOffset Parse(object value) =>
        value switch
        {
            DateTime moment => new DateTimeOffset(moment, TimeSpan.Zero),
            DateTimeOffset moment => moment.ToUniversalTime(),
            _ => throw new DataException($"A {value.GetType().Name} is no instant."),
        };

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
    {
        parameter.DbType = DbType.DateTimeOffset;
        parameter.Value = value.ToUniversalTime();
    }
}
