#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds the device agent, the fleet server and fleetctl for installation. A thin wrapper over eng/publish.proj.

.EXAMPLE
./publish.ps1
Agent, server and fleetctl for linux-arm64 and linux-x64 into artifacts/publish/.

.EXAMPLE
./publish.ps1 -Rid linux-arm64 -Target PublishAgent -Version 1.2.0

.EXAMPLE
./publish.ps1 -Rid linux-arm64 -Target PackageAgent
The agent as Debian packages, in artifacts/packages/.

.EXAMPLE
./publish.ps1 -Target Release -Version 1.4.0 -Rid linux-arm64 -SignKey ci.pem -PassphraseFile ci.pass
The native agent as a release of the fleet's repository: built, uploaded, signed and published by fleetctl.
#>
[CmdletBinding()]
param(
    [ValidateSet('linux-arm64', 'linux-x64', 'linux-arm')]
    [string[]] $Rid = @('linux-arm64', 'linux-x64'),

    [ValidateSet('Publish', 'PublishAgent', 'PublishAgentAot', 'PackageAgent', 'PublishServer', 'PublishCli', 'Release')]
    [string] $Target = 'Publish',

    [ValidatePattern('^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$')]
    [string] $Version = '0.1.0',

    # Without the sensors of Iot.Device.Bindings, whose package need not be there then.
    [switch] $NoDeviceBindings,

    # For Release: the key that signs, a file or a PKCS #11 URI; without it people sign what was added.
    [string] $SignKey = '',

    # For Release: a file with the passphrase of SignKey.
    [string] $PassphraseFile = '',

    [string] $Output = (Join-Path $PSScriptRoot 'artifacts/publish/')
)

$ErrorActionPreference = 'Stop'
$project = Join-Path $PSScriptRoot 'eng/publish.proj'
& dotnet msbuild $project -nologo "-t:$Target" "-p:Rids=$($Rid -join '%3B')" "-p:Version=$Version" "-p:OutputRoot=$Output" "-p:DeviceBindings=$(-not $NoDeviceBindings)" "-p:SignKey=$SignKey" "-p:PassphraseFile=$PassphraseFile"
exit $LASTEXITCODE
