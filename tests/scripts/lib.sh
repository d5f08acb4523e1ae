# shellcheck shell=sh
# For tests of scripts: each `run NAME FUNCTION` is one test; the function's first failing `expect` ends it.
# `finish` prints "N passed, M failed", which test.sh adds up.
passed=0 failed=0

die() { printf '  %s\n' "$*" >&2; exit 1; }

# expect WHAT COMMAND...: the command must succeed.
expect() {
  what=$1
  shift
  "$@" || die "$what: not so ($*)"
}

# expect_not WHAT COMMAND...: it must fail.
expect_not() {
  what=$1
  shift
  if "$@"; then die "$what: it is so ($*)"; fi
}

# says TEXT FILE
says() { grep -qF -- "$1" "$2" || die "it does not say \"$1\" but: $(cat "$2")"; }

run() {
  if ("$2"); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1" >&2
  fi
}

finish() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

# A program of a few instructions that ends with success: program MACHINE FILE
program() {
  case $1 in
  x86_64) elf='\076\000' code='\270\074\000\000\000\061\377\017\005\220\220\220' ;;
  aarch64) elf='\267\000' code='\250\013\200\322\000\000\200\322\001\000\000\324' ;;
  *) die "no program is known for $1" ;;
  esac
  {
    printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000%b\001\000\000\000' "$elf"
    printf '\170\000\100\000\000\000\000\000\100\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000'
    printf '\000\000\000\000\100\000\070\000\001\000\000\000\000\000\000\000'
    printf '\001\000\000\000\005\000\000\000\000\000\000\000\000\000\000\000\000\000\100\000\000\000\000\000'
    printf '\000\000\100\000\000\000\000\000\204\000\000\000\000\000\000\000\204\000\000\000\000\000\000\000\000\020\000\000\000\000\000\000'
    printf '%b' "$code"
  } >"$2"
  chmod 755 "$2"
}
