#compdef roledeck
# Completion of roledeck for zsh. Into ~/.zshrc:  eval "$(roledeck completion zsh)"
@TABLE@

_roledeck_described() {
    local row
    local -a rows
    for row in "${(@f)$(_roledeck_list "$1")}"; do
        [[ -z $row ]] || rows+=("${${row%%$'\t'*}//:/\\:}${${(M)row%%$'\t'*}:+:${row#*$'\t'}}")
    done
    (( $#rows )) && _describe -o word rows
}

_roledeck() {
    local REPLY command= demo= wanted= after= place= word
    local -i position=1 number=1
    for word in "${(@Q)words[2,CURRENT-1]}"; do
        number+=1
        if [[ -n $after ]]; then
            break
        elif [[ -n $wanted ]]; then
            wanted=
        elif [[ $word == -- ]]; then
            after=$number
        elif [[ $word == -* ]]; then
            _roledeck_kind "$command $word"
            [[ -z $REPLY ]] || wanted=$word
        elif [[ -z $command && $word == demo && -z $demo ]]; then
            demo=1
        elif [[ -z $command ]]; then
            command=$word
        else
            position+=1
        fi
    done

    if [[ -n $after && $command == exec ]]; then
        shift $after words
        (( CURRENT -= after ))
        _normal
        return
    fi
    if [[ -n $wanted ]]; then
        place="$command $wanted"
        _roledeck_kind "$place"
    elif [[ -z $after && $PREFIX == -* ]]; then
        _roledeck_described "$command"
        return
    elif [[ -z $command ]]; then
        _roledeck_described "${${demo:+demo}:-commands}"
        return
    else
        place="$command $position"
        _roledeck_kind "$place"
        [[ -n $REPLY ]] || { place="$command *"; _roledeck_kind "$place" }
    fi
    case $REPLY in
    list) _roledeck_described "$place" ;;
    files) _files ;;
    roles)
        [[ -z $demo ]] || return 1
        local -a names
        names=("${(@f)$("${(Q)words[1]/#\~\//$HOME/}" ls --names 2>/dev/null </dev/null)}")
        names=("${(@)names:#}")
        (( $#names )) && compadd -a -- names
        ;;
    *) return 1 ;;
    esac
}

if [[ $funcstack[1] == _roledeck ]]; then
    _roledeck "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _roledeck roledeck
fi
