# shellcheck shell=bash
# What apply.sh and rollback.sh have in common. Needs bash 3.2 or later and the AWS CLI, and nothing else that a Mac does not have:
# documents are compared by the CLI itself (JMESPath compares JSON values, whatever their spaces and the order of their keys).
#
# Calls that read go through `ask`, calls that change something through `run`, which a dry run only prints. Neither is ever called in
# a subshell, so that `stop` ends the script.

# The form of what the CLI prints is not left to somebody's settings: how IAM refuses is read from it, and a form that the CLI does not
# know makes a call fail after it has changed something.
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off AWS_CLI_ERROR_FORMAT=legacy AWS_DEFAULT_OUTPUT=json
export AWS_RETRY_MODE="${AWS_RETRY_MODE:-standard}" AWS_MAX_ATTEMPTS="${AWS_MAX_ATTEMPTS:-8}"

mode=dry
only=''
keep_going=no
go_on=no     # after a call that changes something has failed
needs_log=no # to do anything at all
settle=10
log=applied.log
answer='' state='' default_version='' label='' id=''
made=0 already=0 problems=0 failures=0 number=0

usage() {
  printf '%s\n' "usage: ${0##*/} [--apply] [--only NAME]... [--keep-going] [--settle SECONDS]" \
    '' \
    "$purpose" \
    'Without --apply it is a dry run: it reads, says what it would do, and changes' \
    'nothing.' \
    '' \
    '  --apply            do it' \
    '  --only NAME        only changes of this principal, policy or ARN; may be' \
    '                     repeated' \
    '  --keep-going       pass over what is not as expected instead of stopping' \
    '  --settle SECONDS   wait between attaching and detaching, while IAM spreads' \
    '                     the news (default: 10)' \
    '' \
    'Ends with 0: done; 1: something was not as expected and was not touched;' \
    '2: wrong usage; 3: wrong account; 4: a call of AWS failed; 130: interrupted.'
}

# stop CODE MESSAGE HINT
stop() {
  trap - INT TERM
  printf '%s: %s\n%s\n' "${0##*/}" "$2" "$3" >&2
  if [ "$number" -gt 0 ] && [ "$mode" = apply ]; then
    printf '%s\n' "Nothing after this was touched. The same command goes on from here: what is done is passed over.$way_back" >&2
  fi
  exit "$1"
}

say() { printf '%s\n' "$*"; }

begin() {
  while [ $# -gt 0 ]; do
    case $1 in
      --apply) mode=apply ;;
      --keep-going) keep_going=yes ;;
      --only)
        [ $# -ge 2 ] || stop 2 '--only needs a name' 'see --help'
        only="$only$2"$'\n'
        shift
        ;;
      --settle)
        case ${2:-} in '' | *[!0-9]*) stop 2 '--settle needs a number of seconds' 'see --help' ;; esac
        settle=$2
        shift
        ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) stop 2 "unknown option \`$1\`" 'see --help' ;;
    esac
    shift
  done
  CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" || stop 2 'its own folder cannot be entered' 'check the permissions'
  command -v aws >/dev/null 2>&1 || stop 2 'there is no command named aws' 'install the AWS CLI'
  errors=$(mktemp) || stop 2 'no temporary file can be made' 'check TMPDIR'
  trap 'rm -f -- "$errors"' EXIT
  trap 'stop 130 "interrupted${label:+ at $label}" "see above for what was done"' INT TERM
  ask sts get-caller-identity --query Account --output text || stop 3 'the account cannot be told' 'check the credentials'
  [ "$answer" = "$account" ] ||
    stop 3 "these are credentials of account $answer, the changes are for account $account" 'use credentials of that account'
  if [ "$needs_log" = yes ] && [ ! -f "$log" ]; then
    stop 2 "there is no $log here, so nothing was applied from this folder" \
      'run it where apply.sh was run; where the log is lost, put the documents policies/*.before*.json back by hand'
  fi
  if [ "$mode" = apply ]; then
    mark start "$account"
  else
    say 'dry run: nothing is changed; --apply does it'
  fi
}

finish() {
  trap - INT TERM
  if [ "$mode" = apply ]; then
    say "$did: $made; as they should be already: $already; passed over: $problems"
  else
    say "dry run: $would: $made; as they should be already: $already; not as expected: $problems"
  fi
  if [ "$not_applied" -gt 0 ]; then say "$not_applied more are not part of this: see not-applied.txt"; fi
  if [ -n "$only" ] && [ $((made + already + problems)) -eq 0 ]; then
    stop 2 'no change is of what --only names' 'give the name of a principal or policy, or an ARN'
  fi
  if [ "$failures" -gt 0 ]; then
    printf '%s\n' "${0##*/}: calls of AWS that failed: $failures; see above. The same command goes on from here." >&2
    exit 4
  fi
  if [ "$problems" -gt 0 ]; then exit 1; fi
}

# mark EVENT WHAT: a line of the log. An event that cannot be written down does not happen.
mark() {
  [ "$mode" = apply ] || return 0
  printf '%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" >>"$log" ||
    stop 4 "\`$log\` cannot be written" 'check the folder and the disk'
}

# last_event: what the log says last of the change $id, or nothing
last_event() {
  if [ -f "$log" ]; then
    awk -F '\t' -v id="$id" '$3 == id { last = $2 } END { print last }' "$log"
  fi
}

# ask ARGUMENT...: a call that reads; sets $answer. 1 where IAM has no such thing; any other failure stops.
ask() {
  if answer=$(aws "$@" 2>"$errors"); then return 0; fi
  answer=''
  if grep -q '(NoSuchEntity)' "$errors"; then return 1; fi
  cat -- "$errors" >&2
  stop 4 "\`aws $1 $2\` failed${label:+ at $label}" 'see the line above; check the network and what the credentials may do'
}

# run ARGUMENT...: a call that changes something. Where it fails the script stops, or with $go_on it is 1: then the change is given up.
run() {
  local words
  words=$(printf ' %q' "$@")
  if [ "$mode" != apply ]; then
    say "      would run: aws$words"
    return 0
  fi
  mark call "aws$words"
  say "      aws$words"
  if answer=$(aws "$@" 2>"$errors"); then return 0; fi
  cat -- "$errors" >&2
  [ "$go_on" = yes ] || stop 4 "\`aws $1 $2\` failed at $label" 'see the line above'
  failures=$((failures + 1))
  printf '%s\n' "${0##*/}: \`aws $1 $2\` failed at $label" >&2
  return 1
}

# change ID NAME...: begins a change; 1 where --only does not mean it: by one of these words, or by the principal that the id names.
change() {
  local name owner=''
  number=$((number + 1))
  id=$1
  case $id in policy/*) ;; *) owner=${id%/*} ;; esac
  if [ -n "$only" ]; then
    for name in "$@" ${owner:+"$owner" "${owner##*/}"}; do
      if has "$only" "$name"; then
        say "[$number/$changes] $label"
        return 0
      fi
    done
    return 1
  fi
  say "[$number/$changes] $label"
}

is_done() {
  already=$((already + 1))
  say "      $1"
}

# problem MESSAGE: the change is passed over, or the script stops there.
problem() {
  problems=$((problems + 1))
  if [ "$mode" = apply ] && [ "$keep_going" = no ]; then
    stop 1 "$label: $1" "$2"
  fi
  printf '      not as expected: %s\n      %s\n' "$1" "$2" >&2
}

# literal FILE: prints its JSON as a JMESPath literal holds it, where a backtick would be the end. Without the indentation: on Linux an
# argument has at most 128 KB, and AWS has policies that come near.
literal() { [ -s "$1" ] && sed -e 's/^[[:space:]]*//' -e 's/`/\\u0060/g' "$1" | tr -d '\r\n'; }

# compare FIELD BEFORE AFTER CALL...: sets $state to before, after, other or absent. BEFORE and AFTER are files; AFTER may be empty.
compare() {
  local field=$1 text query
  text=$(literal "$2") || stop 4 "\`$2\` cannot be read" 'the folder is not complete; export again'
  query="$field == \`$text\` && 'before' || 'other'"
  if [ -n "$3" ]; then
    text=$(literal "$3") || stop 4 "\`$3\` cannot be read" 'the folder is not complete; export again'
    query="$field == \`$text\` && 'after' || $query"
  fi
  shift 3
  if ask "$@" --query "$query" --output text; then state=$answer; else state=absent; fi
}

# inline_state KIND PRINCIPAL POLICY BEFORE AFTER
inline_state() {
  compare PolicyDocument "$4" "$5" iam "get-$1-policy" "--$1-name=$2" "--policy-name=$3"
}

# version_state ARN VERSION BEFORE AFTER
version_state() {
  compare PolicyVersion.Document "$3" "$4" iam get-policy-version "--policy-arn=$1" "--version-id=$2"
}

# managed_state ARN BEFORE AFTER: of its default version, which is left in $default_version
managed_state() {
  if ask iam get-policy "--policy-arn=$1" --query Policy.DefaultVersionId --output text; then
    default_version=$answer
    version_state "$1" "$default_version" "$2" "$3"
  else
    default_version=''
    state=absent
  fi
}

# read_versions ARN: sets $answer to the versions that are not the default, the oldest first
read_versions() {
  ask iam list-policy-versions "--policy-arn=$1" \
    --query 'sort_by(Versions[?!IsDefaultVersion], &CreateDate)[].[VersionId]' --output text ||
    stop 4 "the versions of $1 cannot be listed" 'it is gone'
}

# read_attached KIND PRINCIPAL: sets $answer to the ARNs of its managed policies, a line each; 1 where there is no such principal
read_attached() {
  ask iam "list-attached-$1-policies" "--$1-name=$2" --query 'AttachedPolicies[].[PolicyArn]' --output text
}

# has LINES LINE: no pipe to a `grep -q`, which may end before all is written; with pipefail that would be a no
has() {
  case $'\n'$1$'\n' in
    *$'\n'"$2"$'\n'*) return 0 ;;
    *) return 1 ;;
  esac
}

# lines TEXT: how many lines of it are not empty
lines() { printf '%s\n' "$1" | grep -c . || true; }

copy_arn() { printf 'arn:%s:iam::%s:policy/leastwise/%s' "$partition" "$account" "$1"; }

pause() {
  if [ "$mode" = apply ] && [ "$settle" -gt 0 ]; then sleep "$settle"; fi
}
