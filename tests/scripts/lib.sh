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

# A program of a few instructions that prints a line, when there is one, and ends with success: program MACHINE FILE [LINE]
program() {
  line=${3:-}
  length=${#line}
  [ -z "$line" ] || length=$((length + 1))
  low=$(printf '\\0%03o' "$length")
  case $1 in
  # write(1, line, length); exit(0)
  x86_64)
    elf='\0076\0000'
    code="\\0270\\0001\\0000\\0000\\0000\\0277\\0001\\0000\\0000\\0000\\0110\\0215\\0065\\0020\\0000\\0000\\0000\\0272$low\\0000\\0000\\0000\\0017\\0005"
    code="$code\\0270\\0074\\0000\\0000\\0000\\0061\\0377\\0017\\0005"
    ;;
  aarch64)
    elf='\0267\0000'
    length=$((0xd2800002 + length * 32))
    low=$(printf '\\0%03o' $((length & 255)) $((length >> 8 & 255)) $((length >> 16 & 255)) $((length >> 24)))
    code="\\0010\\0010\\0200\\0322\\0040\\0000\\0200\\0322\\0301\\0000\\0000\\0020$low\\0001\\0000\\0000\\0324"
    code="$code\\0250\\0013\\0200\\0322\\0000\\0000\\0200\\0322\\0001\\0000\\0000\\0324"
    ;;
  *) die "no program is known for $1" ;;
  esac
  {
    printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000%b\001\000\000\000' "$elf"
    printf '\170\000\100\000\000\000\000\000\100\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000'
    printf '\000\000\000\000\100\000\070\000\001\000\000\000\000\000\000\000'
    printf '\001\000\000\000\005\000\000\000\000\000\000\000\000\000\000\000\000\000\100\000\000\000\000\000'
    printf '\000\000\100\000\000\000\000\000\377\000\000\000\000\000\000\000\377\000\000\000\000\000\000\000\000\020\000\000\000\000\000\000'
    printf '%b' "$code"
    [ -z "$line" ] || printf '%s\n' "$line"
  } >"$2"
  chmod 755 "$2"
}
