// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @notice Access by one AccessManager for ever: it is read from the code, not from storage (2,100 gas less a call).
abstract contract Managed is AccessManaged {
    address private immutable AUTHORITY;

    error AuthorityIsFixed();

    constructor(address authority_) AccessManaged(authority_) {
        AUTHORITY = authority_;
    }

    function authority() public view override returns (address) {
        return AUTHORITY;
    }

    function setAuthority(address) public pure override {
        revert AuthorityIsFixed();
    }
}
