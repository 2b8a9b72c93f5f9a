# The engine as a container: built with the SDK, run by an unprivileged user; writes nowhere but /tmp and, where it is mounted, /data.
#
#   docker build --tag nurture-engine .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# First what changes seldom, so that packages are restored once.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/NurtureEngine.Core/*.csproj src/NurtureEngine.Core/packages.lock.json src/NurtureEngine.Core/
COPY src/NurtureEngine.Postgres/*.csproj src/NurtureEngine.Postgres/packages.lock.json src/NurtureEngine.Postgres/
COPY src/NurtureEngine.Channels/*.csproj src/NurtureEngine.Channels/packages.lock.json src/NurtureEngine.Channels/
COPY src/NurtureEngine.Console/*.csproj src/NurtureEngine.Console/packages.lock.json src/NurtureEngine.Console/
COPY src/NurtureEngine.Studio/*.csproj src/NurtureEngine.Studio/packages.lock.json src/NurtureEngine.Studio/
COPY src/NurtureEngine.Host/*.csproj src/NurtureEngine.Host/*.targets src/NurtureEngine.Host/packages.lock.json src/NurtureEngine.Host/
RUN dotnet restore src/NurtureEngine.Host --locked-mode

# The console's style sheet and charts, and the designer; containers use a database of their own, so the private PostgreSQL of npm stays out.
RUN apt-get update && apt-get install --yes --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

COPY docs/*.md docs/
COPY src/ src/
RUN dotnet publish src/NurtureEngine.Host --no-restore --configuration Release --output /app -p:SkipNodePackages=true \
    && mkdir /app/node_modules && cp --recursive node_modules/@elsa-workflows /app/node_modules/

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY licences/ licences/
COPY workflows/ workflows/
COPY templates/ templates/
COPY calendars/ calendars/

# Diagnostics write into the file system, which may be read-only.
ENV ASPNETCORE_URLS=http://+:8080 \
    DOTNET_EnableDiagnostics=0 \
    Nurture__DataFolder=/data
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["dotnet", "NurtureEngine.Host.dll"]
